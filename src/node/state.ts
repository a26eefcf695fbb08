import type { Element, ElementKindName } from './element.js';
import { keyOf, kindOf } from './kinds/index.js';

/**
 * A node's state, desired or actual: every element once, by its key. Whatever goes through all of it does so with forEach: the pairs that an
 * iterator makes were a fifth of all the memory that a sync of 10,000 Services takes up.
 */
export interface NodeState extends ElementLookup, Iterable<readonly [key: string, Element]> {
  /** What was found on the node whole, and as it should be: it need not be compared once more. */
  readonly holds?: Known | undefined;
  values(): Iterable<Element>;
}

/** The part of a state that nearly everybody needs. */
export interface ElementLookup {
  get(key: string): Element | undefined;
  has(key: string): boolean;
  forEach(visit: (element: Element, key: string) => void): void;
}

/** The elements of both, which have no key in common: one after the other, and without a copy of either. */
export function together(first: ElementLookup, second: ElementLookup): NodeState {
  const forEach: ElementLookup['forEach'] = visit => {
    first.forEach(visit);
    second.forEach(visit);
  };
  return {
    get: key => first.get(key) ?? second.get(key),
    has: key => first.has(key) || second.has(key),
    forEach,
    values: () => {
      const elements: Element[] = [];
      forEach(element => void elements.push(element));
      return elements;
    },
    [Symbol.iterator]: () => {
      const pairs: [string, Element][] = [];
      forEach((element, key) => void pairs.push([key, element]));
      return pairs.values();
    },
  };
}

/** An element with its key. */
export interface Keyed {
  readonly key: string;
  readonly element: Element;
  /** The number of the last reading that has found it on a node. */
  seen: number;
}

/** Elements that are in memory, and will probably be read from the node once more. */
export interface Known extends ElementLookup {
  /** How many there are. */
  readonly size: number;
  find(key: string): Keyed | undefined;
}

const nothing: ReadonlyMap<string, Element> = new Map();
export const nothingKnown: Known = {
  size: 0,
  find: () => undefined,
  get: key => nothing.get(key),
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
  if (known.size > 0 && taken.length === known.size && differing === 0)
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

/** @throws nothing; of two elements with one key the later stands. */
export function nodeState(elements: Iterable<Element>): ReadonlyMap<string, Element> {
  const state = new Map<string, Element>();
  for (const element of elements) state.set(keyOf(element), element);
  return state;
}

/** All elements of one kind, in the state's order. */
export function elementsOf<Name extends ElementKindName>(
  state: NodeState,
  kind: Name,
): readonly Extract<Element, { kind: Name }>[] {
  const found: Extract<Element, { kind: Name }>[] = [];
  state.forEach(element => {
    if (element.kind === kind) found.push(element as Extract<Element, { kind: Name }>);
  });
  return found;
}
