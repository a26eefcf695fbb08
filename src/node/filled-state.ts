import type { Element } from './element.js';
import { keyOf, kindOf } from './kinds/index.js';
import { type ElementLookup, type NodeState, sizeOf, together } from './state.js';

/** An element with its key. */
export interface Keyed {
  readonly key: string;
  readonly element: Element;
  /** The number of the last reading that has found it on a node. */
  seen: number;
}

/** Elements that are in memory, and will probably be read from the node once more. */
export interface Known extends ElementLookup {
  find(key: string): Keyed | undefined;
}

export const nothingKnown: Known = {
  find: () => undefined,
  get: () => undefined,
  has: () => false,
  forEach: () => {},
};

/** Takes in what a node has. Of two elements with one key the later stands, and before one that is as it should be one that is not. */
export interface Collector {
  add(element: Element): void;
  /** An element whose key is known. */
  put(key: string, element: Element): void;
  /** Takes in the element with this key, which is its own value, if it is known already: then it need not be made once more. */
  take(key: string): boolean;
}

/** Gives a collector all that one tool has printed. */
export type Fill = (collector: Collector) => void;

let readings = 0;

/**
 * The state that these make up. What is known already, and alike, is taken from there: what was read of it can go at once. Where all of that is on the node
 * the state is what is known, with whatever else there is: a node that is as it should be takes hardly any memory beside what it should be.
 */
export function filledState(fills: readonly Fill[], known: Known = nothingKnown): NodeState {
  readings += 1;
  const taken: Keyed[] = [];
  const others = new Map<string, Element>();
  let differing = 0;
  const takeFound = (found: Keyed) => {
    if (found.seen !== readings) taken.push(found);
    found.seen = readings;
  };
  const put = (key: string, element: Element) => void others.set(key, element);
  const add = (element: Element) => {
    const key = keyOf(element);
    const found = known.find(key);
    if (found === undefined) put(key, element);
    else if (isAlike(element, found.element)) takeFound(found);
    else {
      differing += 1;
      put(found.key, element);
    }
  };
  const take = (key: string) => {
    const found = known.find(key);
    if (found !== undefined) takeFound(found);
    return found !== undefined;
  };
  for (const fill of fills) fill({ add, put, take });
  if (taken.length > 0 && differing === 0 && taken.length === sizeOf(known))
    return { ...together(known, others), holds: known };
  const state = new Map<string, Element>();
  for (const { key, element } of taken) state.set(key, element);
  others.forEach((element, key) => void state.set(key, element));
  return state;
}

/** The same and, where it is a real server, with nothing that comparing passes over. */
const isAlike = (one: Element, other: Element): boolean =>
  kindOf(other).same(one, other) &&
  (one.kind !== 'real-server' ||
    (other.kind === 'real-server' &&
      one.forwarding === other.forwarding &&
      one.connections.active === other.connections.active &&
      one.connections.inactive === other.connections.inactive));

export const fillWith =
  (elements: Iterable<Element>): Fill =>
  ({ add }) => {
    for (const element of elements) add(element);
  };
