import { eachInParts, fewElements, type InParts } from '../breath.js';
import type { Element, ElementKindName } from './element.js';
import { keyOf } from './kinds/index.js';

/** Elements by their keys. */
export interface ElementLookup {
  get(key: string): Element | undefined;
  has(key: string): boolean;
  forEach(visit: VisitElement): void;
  /** Does the same and yields in between. Maps do without it. */
  visitInParts?(visit: VisitElement): InParts<void>;
}

type VisitElement = (element: Element, key: string) => void;

/** Visits all elements of a state, in its order, and yields in between. */
export function* visitInParts(state: ElementLookup, visit: VisitElement): InParts<void> {
  if (state.visitInParts !== undefined) yield* state.visitInParts(visit);
  else if (state instanceof Map && state.size > fewElements)
    yield* eachInParts<[string, Element]>(state, ([key, element]) => visit(element, key));
  else state.forEach(visit);
}

/**
 * A node's state, desired or actual: each element once, by its key. Loops over a whole state use forEach, because the
 * pairs of an iterator made up a fifth of the memory that a sync of 10,000 Services allocated.
 */
export interface NodeState extends ElementLookup, Iterable<readonly [key: string, Element]> {
  readonly size: number;
  values(): Iterable<Element>;
}

/** Returns a view of two states that have no key in common. Copies neither. */
export function together(first: ElementLookup, second: ElementLookup): NodeState {
  const forEach: ElementLookup['forEach'] = visit => {
    first.forEach(visit);
    second.forEach(visit);
  };
  return {
    get: key => first.get(key) ?? second.get(key),
    has: key => first.has(key) || second.has(key),
    forEach,
    *visitInParts(visit) {
      yield* visitInParts(first, visit);
      yield* visitInParts(second, visit);
    },
    get size() {
      return sizeOf(first) + sizeOf(second);
    },
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

/** Returns those of a state's elements that have these keys, and yields in between. */
export function* elementsAt(state: Pick<ElementLookup, 'get'>, keys: Iterable<string>): InParts<Map<string, Element>> {
  const found = new Map<string, Element>();
  yield* eachInParts(keys, key => {
    const element = state.get(key);
    if (element !== undefined) found.set(key, element);
  });
  return found;
}

/** Returns the state that has these elements. If two share a key, the last wins. */
export function nodeState(elements: Iterable<Element>): ReadonlyMap<string, Element> {
  const state = new Map<string, Element>();
  for (const element of elements) state.set(keyOf(element), element);
  return state;
}

function sizeOf(elements: ElementLookup): number {
  let size = 0;
  elements.forEach(() => {
    size += 1;
  });
  return size;
}

/** Returns all elements of one kind, in the state's order. */
export function elementsOf<Name extends ElementKindName>(
  state: ElementLookup,
  kind: Name,
): readonly Extract<Element, { kind: Name }>[] {
  const found: Extract<Element, { kind: Name }>[] = [];
  state.forEach(element => {
    if (element.kind === kind) found.push(element as Extract<Element, { kind: Name }>);
  });
  return found;
}
