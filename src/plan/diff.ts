import { atOnce, eachInParts, type InParts } from '../breath.js';
import type { ActualState } from '../node/actual-state.js';
import type { Change } from '../node/change.js';
import type { Element } from '../node/element.js';
import { kindOf } from '../node/kinds/index.js';
import { setKey } from '../node/kinds/ipset.js';
import { linkKey } from '../node/kinds/link.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { ipvsDevice } from '../node/names.js';
import { type ElementLookup, type NodeState, nodeState, visitInParts } from '../node/state.js';
import type { IsOwn, Ownership } from './ownership.js';

/**
 * Returns the changes that turn the actual node into the desired one, in no order yet. Elements that are right stay
 * untouched, and so does everything that is not kproxy's.
 */
export const diff = (actual: ActualState, desired: ElementLookup, isOwn: IsOwn): readonly Change[] =>
  atOnce(diffInParts(actual, desired, { isOwn }));

/** Does the same and yields in between. */
export function* diffInParts(
  actual: ActualState,
  desired: ElementLookup,
  ownership: Pick<Ownership, 'isOwn' | 'prepare'>,
): InParts<readonly Change[]> {
  const { state } = actual;
  const recreated = yield* recreatedContainers(state, desired);
  const { changes, found } = yield* additionsAndChanges(actual, desired, recreated);
  // A node with nothing but desired elements needs no search for others, which saves a tenth of the comparison.
  return found === state.size ? changes : [...changes, ...(yield* removals(state, desired, ownership, recreated))];
}

/** Returns true for a container that can only be changed by recreating it, which empties it. */
const isContainer = ({ kind }: Element): boolean => kind === 'set' || kind === 'link';

/** Returns true if the change recreates a container, and so removes everything in it. */
export const isContainerRecreation = (change: Change): change is Change & { readonly verb: 'change' } =>
  change.verb === 'change' && isContainer(change.after);

/** Returns the keys of containers that must be recreated. */
function* recreatedContainers(actual: NodeState, desired: ElementLookup): InParts<ReadonlySet<string>> {
  const recreated = new Set<string>();
  yield* visitInParts(actual, (before, key) => {
    if (!isContainer(before)) return;
    const after = desired.get(key);
    if (after !== undefined && !kindOf(after).same(before, after)) recreated.add(key);
  });
  return recreated;
}

interface DesiredChanges {
  readonly changes: readonly Change[];
  /** How many desired elements are on the node already, even if they must be changed. */
  readonly found: number;
}

function* additionsAndChanges(
  { state, foreignRules, foreignUses }: ActualState,
  desired: ElementLookup,
  recreated: ReadonlySet<string>,
): InParts<DesiredChanges> {
  const changes: Change[] = [];
  let found = 0;
  yield* visitInParts(desired, (after, key) => {
    const before = isInside(recreated, after) ? undefined : state.get(key);
    if (before === undefined) {
      changes.push({ verb: 'add', after });
      return;
    }
    found += 1;
    const behind = foreignRules.get(key);
    if (behind !== undefined) changes.push({ verb: 'change', before, after, behind });
    else if (before !== after && !kindOf(after).same(before, after)) {
      const users = after.kind === 'set' ? foreignUses.get(key) : undefined;
      changes.push({ verb: 'change', before, after, ...(users === undefined ? {} : { users }) });
    }
  });
  return { changes, found };
}

function* removals(
  actual: NodeState,
  desired: ElementLookup,
  { isOwn, prepare }: Pick<Ownership, 'isOwn' | 'prepare'>,
  recreated: ReadonlySet<string>,
): InParts<readonly Change[]> {
  const undesired = new Map<string, Element>();
  let needsEvidence = false;
  yield* visitInParts(actual, (element, key) => {
    if (desired.has(key)) return;
    undesired.set(key, element);
    needsEvidence ||= element.kind === 'virtual-server' || element.kind === 'real-server';
  });
  if (prepare !== undefined && needsEvidence) yield* prepare();
  const removed = new Map<string, Element>();
  yield* visitInParts(undesired, (element, key) => {
    if (isOwn(element)) removed.set(key, element);
  });
  const changes: Change[] = [];
  yield* eachInParts(removed.values(), before => {
    // Elements inside a container that is removed or recreated go with it and need no change of their own.
    if (!isInside(removed, before) && !isInside(recreated, before)) changes.push({ verb: 'remove', before });
  });
  return changes;
}

type Keys = Pick<ReadonlySet<string>, 'has' | 'size'>;

/** Builds a container's key only if there are containers at all, because each key is a new string. */
function isInside(containers: Keys, element: Element): boolean {
  const container = containers.size === 0 ? undefined : containerKey(element);
  return container !== undefined && containers.has(container);
}

/** Returns the key of the element that contains this one and takes it along when it is removed. */
function containerKey(element: Element): string | undefined {
  if (element.kind === 'entry') return setKey(element.set);
  if (element.kind === 'real-server') return virtualServerKey(element.server);
  return element.kind === 'address' ? linkKey(ipvsDevice) : undefined;
}

/** Returns the keys of elements that are inside one of the containers. */
export const contentsOf = (containers: ReadonlySet<string>, elements: Iterable<Element>): readonly string[] =>
  atOnce(contentsInParts(containers, nodeState(elements)));

/** Does the same and yields in between. */
export function* contentsInParts(containers: ReadonlySet<string>, elements: ElementLookup): InParts<readonly string[]> {
  const found: string[] = [];
  if (containers.size > 0)
    yield* visitInParts(elements, (element, key) => {
      if (isInside(containers, element)) found.push(key);
    });
  return found;
}
