import type { Rule } from './element.js';

/** Returns a text that is equal for rules of the same words. */
export const wordsKey = (rule: Rule): string => rule.join('\0');

export const hasSameWords = (one: Rule, other: Rule): boolean => wordsKey(one) === wordsKey(other);
