import type { Element, ElementKindName } from './element.js';
import { keyOf } from './kinds/index.js';

/**
 * A node's state, desired or actual: every element once, by its key. Whatever goes through all of it does so with forEach: the pairs that an
 * iterator makes were a fifth of all the memory that a sync of 10,000 Services takes up.
 */
export interface NodeState extends ElementLookup, Iterable<readonly [key: string, Element]> {
  /** What was found on the node whole, and as it should be: it need not be compared once more. */
  readonly holds?: ElementLookup | undefined;
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

/** @throws nothing; of two elements with one key the later stands. */
export function nodeState(elements: Iterable<Element>): ReadonlyMap<string, Element> {
  const state = new Map<string, Element>();
  for (const element of elements) state.set(keyOf(element), element);
  return state;
}

/** How many elements there are. */
export function sizeOf(elements: Pick<ElementLookup, 'forEach'>): number {
  let size = 0;
  elements.forEach(() => {
    size += 1;
  });
  return size;
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
