import type { Change } from '../node/change.js';
import { type Connections, type Element, noConnections } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import type { NodeState } from '../node/state.js';
import { containerKey } from '../plan/diff.js';

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
  const frame = new Map([...read].filter(([, element]) => isFrame(element)));

  function put(element: Element): void {
    state.set(keyOf(element), element);
    if (isFrame(element)) frame.set(keyOf(element), element);
  }

  function made(changes: readonly Change[], part: NodeState): void {
    const gone = new Set(changes.flatMap(change => (change.verb === 'remove' ? [keyOf(change.before)] : [])));
    for (const key of gone) {
      state.delete(key);
      frame.delete(key);
    }
    for (const key of contentsOf(gone, part)) state.delete(key);
    for (const change of changes) if (change.verb !== 'remove' && change.after.kind !== 'flow') put(change.after);
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

/** What stands in a set or on a virtual server that goes has gone with it, without a change of its own. */
const contentsOf = (containers: ReadonlySet<string>, part: NodeState): readonly string[] =>
  [...part].flatMap(([key, element]) => (containers.has(containerKey(element) ?? '') ? [key] : []));
