import type { Element } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import type { NodeState } from '../node/state.js';

/** Tells what a desired state has beyond the tutorial profile. */
export interface TutorialComparison {
  isBeyond(element: Element): boolean;
  /** @param index of the rule in a chain or in jumps */
  isRuleBeyond(element: Element, index: number): boolean;
}

/**
 * Compares elements with the tutorial's desired state for the same cluster. An element is beyond the tutorial if that
 * state has none with its key, and a rule if its chain there has none with the same words.
 */
export const compareWithTutorial = (tutorial: NodeState): TutorialComparison => ({
  isBeyond: element => !tutorial.has(keyOf(element)),
  isRuleBeyond: (element, index) => {
    const rule = rulesOf(element)[index]?.join('\0');
    return !rulesOf(tutorial.get(keyOf(element))).some(other => other.join('\0') === rule);
  },
});

const rulesOf = (element: Element | undefined) =>
  element?.kind === 'chain' || element?.kind === 'jumps' ? element.rules : [];
