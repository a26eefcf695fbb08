import type { Change } from '../node/change.js';
import type { Element, Reason, Reasons } from '../node/element.js';
import { keyOf, kindOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { ipvsDevice } from '../node/names.js';
import { type ElementLookup, type NodeState, sizeOf } from '../node/state.js';
import type { DesiredParts } from '../proxy/desired.js';
import type { IsOwn } from './ownership.js';

export interface DesiredState {
  readonly state: NodeState;
  readonly reasons: Reasons;
  readonly parts?: DesiredParts;
}

const noReasons: readonly Reason[] = [];

const reasonsIn = ({ reasons }: DesiredState, key: string): readonly Reason[] => reasons.get(key) ?? noReasons;

/** Of the tens of thousands that a first sync has nobody asks for the reasons: looking them up would take a sixth of planning it. */
class Addition {
  readonly verb = 'add';
  readonly after: Element;
  readonly #desired: DesiredState;
  readonly #key: string;

  constructor(desired: DesiredState, key: string, after: Element) {
    this.after = after;
    this.#desired = desired;
    this.#key = key;
  }

  get reasons(): readonly Reason[] {
    return reasonsIn(this.#desired, this.#key);
  }
}

/** The changes that make the actual node the desired one, in no order yet. What is right stays untouched, and so does what is not kproxy's. */
export function diff(actual: NodeState, desired: DesiredState, isOwn: IsOwn): readonly Change[] {
  const remade = remadeContainers(actual, desired.parts?.rest ?? desired.state);
  const { changes, found } = wantedChanges(actual, desired, remade);
  // To look up what is on a node that has nothing but what is wanted would be a tenth of comparing it.
  return found === sizeOf(actual) ? changes : [...changes, ...removals(actual, desired.state, isOwn, remade)];
}

/** Whether the element is a container that the kernel can only change by making it anew, which empties it. */
const isRemadeWhole = ({ kind }: Element): boolean => kind === 'set' || kind === 'link';

/** Whether the change makes a container anew, and so takes away all that stands in it. */
export const isRemakingWhole = (change: Change): change is Change & { readonly verb: 'change' } =>
  change.verb === 'change' && isRemadeWhole(change.after);

/** Keys of such containers that must be changed. */
function remadeContainers(actual: NodeState, desired: ElementLookup): ReadonlySet<string> {
  const remade = new Set<string>();
  desired.forEach((element, key) => {
    if (!isRemadeWhole(element)) return;
    const present = actual.get(key);
    if (present !== undefined && !kindOf(element).same(present, element)) remade.add(key);
  });
  return remade;
}

interface WantedChanges {
  readonly changes: readonly Change[];
  /** How many of the wanted elements are on the node already, though they may have to be changed. */
  readonly found: number;
}

function wantedChanges(actual: NodeState, desired: DesiredState, remade: ReadonlySet<string>): WantedChanges {
  const changes: Change[] = [];
  const { asked, rest } = desired.parts ?? {};
  const isHeld = rest !== undefined && asked !== undefined && actual.holds === asked;
  let found = isHeld ? sizeOf(asked) : 0;
  (isHeld ? rest : desired.state).forEach((after, key) => {
    const before = isInside(remade, after) ? undefined : actual.get(key);
    if (before !== undefined) {
      found += 1;
      if (before === after || kindOf(after).same(before, after)) return;
    }
    changes.push(
      before === undefined
        ? new Addition(desired, key, after)
        : { verb: 'change', before, after, reasons: reasonsIn(desired, key) },
    );
  });
  return { changes, found };
}

function removals(actual: NodeState, desired: NodeState, isOwn: IsOwn, remade: ReadonlySet<string>): readonly Change[] {
  const gone = new Map<string, Element>();
  actual.forEach((element, key) => {
    if (!desired.has(key) && isOwn(element)) gone.set(key, element);
  });
  const changes: Change[] = [];
  for (const before of gone.values()) {
    // What stands inside something that goes or is made anew goes with it: no line is needed for it.
    if (!isInside(gone, before) && !isInside(remade, before))
      changes.push({ verb: 'remove', before, reasons: noReasons });
  }
  return changes;
}

type Keys = Pick<ReadonlySet<string>, 'has' | 'size'>;

/** A container's key costs a text for each element, and hardly ever are there any. */
function isInside(containers: Keys, element: Element): boolean {
  const container = containers.size === 0 ? undefined : containerKey(element);
  return container !== undefined && containers.has(container);
}

/** The key of the element that holds this one, and with which it comes and goes. */
export function containerKey(element: Element): string | undefined {
  if (element.kind === 'entry') return `set ${element.set}`;
  if (element.kind === 'real-server') return virtualServerKey(element.server);
  if (element.kind === 'address') return keyOf({ kind: 'link', name: ipvsDevice, type: 'dummy' });
  return undefined;
}
