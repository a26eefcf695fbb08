import type { Element, ElementKindName } from './element.js';
import { keyOf } from './kinds/index.js';

/** A node's state, desired or actual: every element once, by its key. */
export type NodeState = ReadonlyMap<string, Element>;

/** @throws nothing; of two elements with one key the later stands. */
export const nodeState = (elements: Iterable<Element>): NodeState =>
  new Map(Array.from(elements, element => [keyOf(element), element]));

/** All elements of one kind, in the state's order. */
export function elementsOf<Name extends ElementKindName>(
  state: NodeState,
  kind: Name,
): readonly Extract<Element, { kind: Name }>[] {
  const found: Extract<Element, { kind: Name }>[] = [];
  for (const element of state.values())
    if (element.kind === kind) found.push(element as Extract<Element, { kind: Name }>);
  return found;
}
