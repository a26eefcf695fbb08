import type { Change } from '../node/change.js';
import { type Connections, type Element, noConnections } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import type { NodeState } from '../node/state.js';
import { containerKey, isRemakingWhole } from '../plan/diff.js';
import type { IsOwn } from '../plan/ownership.js';

const frameKinds: ReadonlySet<Element['kind']> = new Set(['module', 'sysctl', 'link', 'set', 'chain', 'jumps']);

/** Elements that follow from all Services together and whose number does not grow with them. */
const isFrame = (element: Element): boolean => frameKinds.has(element.kind);

/** A node as it was read, and as the changes made since then have left it. */
export interface KnownNode {
  /** The elements with these keys, and all those of the frame. */
  part(keys: Iterable<string>): NodeState;
  whole(): NodeState;
  /** Takes in that these changes have been made; `part` holds all that stood in what they removed. */
  made(changes: readonly Change[], part: NodeState): void;
  /** Takes in how many connections these real servers have now. */
  counted(connections: ReadonlyMap<string, Connections>, keys: Iterable<string>): void;
}

export function knownNode(read: NodeState): KnownNode {
  const state = new Map(read);
  const frame = new Map<string, Element>();
  read.forEach((element, key) => {
    if (isFrame(element)) frame.set(key, element);
  });

  function put(element: Element): void {
    state.set(keyOf(element), element);
    if (isFrame(element)) frame.set(keyOf(element), element);
  }

  function remove(keys: Iterable<string>): void {
    for (const key of keys) {
      state.delete(key);
      frame.delete(key);
    }
  }

  function made(changes: readonly Change[], part: NodeState): void {
    remove(contentsOf(new Set(changes.flatMap(emptiedBy)), part.values()));
    const come = changes.flatMap(change => (change.verb === 'remove' ? [] : [change.after]));
    for (const element of come) if (element.kind !== 'flow') put(element);
    // A stand-in comes and goes within one plan.
    const gone = new Set(changes.flatMap(change => (change.verb === 'remove' ? [keyOf(change.before)] : [])));
    remove(gone);
    remove(contentsOf(gone, come));
  }

  return {
    part: keys => {
      const found = new Map(frame);
      for (const key of keys) {
        const element = state.get(key);
        if (element !== undefined) found.set(key, element);
      }
      return found;
    },
    whole: () => state,
    made,
    counted: (connections, keys) => {
      for (const key of keys) {
        const element = state.get(key);
        const count = connections.get(key) ?? noConnections;
        if (element?.kind === 'real-server') state.set(key, { ...element, connections: count });
      }
    },
  };
}

/**
 * The node after a sync of all of it: what was desired, and what is not kproxy's. The desired elements and their keys are those of the Services'
 * claims: the ones that were read would be a third more memory, as long as kproxy runs.
 */
export function nodeAfter(actual: NodeState, desired: NodeState, isOwn: IsOwn): NodeState {
  const after = new Map<string, Element>();
  desired.forEach((element, key) => void after.set(key, element));
  actual.forEach((element, key) => {
    if (!desired.has(key) && !isOwn(element)) after.set(key, element);
  });
  return after;
}

/** The key of a container that the change takes away or makes anew, and with it what stands in it, without a change of its own. */
const emptiedBy = (change: Change): readonly string[] =>
  change.verb === 'remove' || isRemakingWhole(change) ? [keyOf(change.before)] : [];

function contentsOf(containers: ReadonlySet<string>, elements: Iterable<Element>): readonly string[] {
  if (containers.size === 0) return [];
  return Array.from(elements).flatMap(element => (containers.has(containerKey(element) ?? '') ? [keyOf(element)] : []));
}
