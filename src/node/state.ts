import type { Element, ElementKindName } from './element.js';
import { keyOf } from './kinds/index.js';

/**
 * A node's state, desired or actual: every element once, by its key. Whatever goes through all of it does so with forEach: the pairs that an
 * iterator makes were a fifth of all the memory that a sync of 10,000 Services takes up.
 */
export type NodeState = ReadonlyMap<string, Element>;

/** @throws nothing; of two elements with one key the later stands. */
export function nodeState(elements: Iterable<Element>): NodeState {
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
