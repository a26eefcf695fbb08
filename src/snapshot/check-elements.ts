import type { Element } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { setKey } from '../node/kinds/ipset.js';
import { linkKey } from '../node/kinds/link.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { findingsOf, type SavedElement } from './saved-elements.js';

/** What is wrong with one element of a snapshot among the others. */
export interface ElementProblem {
  readonly index: number;
  readonly problem: string;
}

/** Returns what no node can have: an element twice, and one in something that is not there. */
export function elementProblems(saved: readonly SavedElement[]): readonly ElementProblem[] {
  const elements = saved.map(elementOf);
  const places = new Map<string, number>();
  const problems: ElementProblem[] = [];
  for (const [index, element] of elements.entries()) {
    const first = places.get(keyOf(element));
    if (first === undefined) places.set(keyOf(element), index);
    else problems.push({ index, problem: `is the same as elements[${first}]` });
  }
  for (const [index, element] of elements.entries()) {
    const container = containerOf(element);
    if (container !== undefined && !places.has(container.key))
      problems.push({ index, problem: `is in ${container.name}, which the snapshot does not have` });
  }
  return problems;
}

/** Each saved element yields itself first, and then what only an actual node has. */
function elementOf(saved: SavedElement): Element {
  const [first] = findingsOf([saved]);
  return first as Element;
}

function containerOf(element: Element): { readonly key: string; readonly name: string } | undefined {
  switch (element.kind) {
    case 'entry':
      return { key: setKey(element.set), name: `set ${element.set}` };
    case 'address':
      return { key: linkKey(element.link), name: `device ${element.link}` };
    case 'real-server':
      return { key: virtualServerKey(element.server), name: virtualServerKey(element.server) };
    default:
      return undefined;
  }
}
