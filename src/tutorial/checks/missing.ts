import type { Missing, Observed } from '../observe/observed.js';
import type { Check } from './check.js';
import { en } from './texts/en.js';
import { ja } from './texts/ja.js';
import type { CheckTexts } from './texts/texts.js';

/** Returns what a check of one kind is missing, or undefined if it passes. */
export type Judge<Kind extends Check> = (check: Kind, observed: Observed) => Missing | undefined;

/** Writes a reason in all languages. */
export const missing = (write: (texts: CheckTexts) => string): Missing => ({ en: write(en), ja: write(ja) });
