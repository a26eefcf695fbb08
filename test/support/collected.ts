import type { Element } from '../../src/node/element.js';
import type { Fill } from '../../src/node/filled-state.js';

/** The elements that a collector is given, in their order. */
export function collected(fill: Fill): readonly Element[] {
  const elements: Element[] = [];
  fill({
    add: element => void elements.push(element),
    put: (_, element) => void elements.push(element),
    take: () => false,
  });
  return elements;
}
