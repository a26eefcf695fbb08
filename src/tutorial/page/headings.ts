import { visible } from '../../output/visible.js';
import { widthOf } from '../../output/width.js';
import { wrapped } from '../../output/wrap.js';
import type { Language } from '../language.js';
import type { Style } from './style.js';

/** Returns the rule of an act, with its title. */
export const actLines = (title: string, style: Style, language: Language): readonly string[] =>
  ruled(title, style.symbols.heavy, style, language);

/** Returns the rule of a step: `-- 3/41  A set for all cluster IPs -----`. */
export const stepLines = (
  number: number,
  count: number,
  title: string,
  style: Style,
  language: Language,
): readonly string[] => ruled(`${number}/${count}  ${title}`, style.symbols.light, style, language);

/** The rule before a title, and the shortest one behind it. */
const shortest = 2;

function ruled(text: string, sign: string, style: Style, language: Language): readonly string[] {
  const { paint, width } = style;
  const title = visible(style.plain(text));
  const before = `${sign.repeat(shortest)} `;
  const left = width - shortest - 1 - widthOf(title) - 1;
  if (left < shortest) {
    const lines = wrapped(title, { first: before, rest: ' '.repeat(before.length) }, width);
    return lines.map(line => paint.bold(line));
  }
  return [`${paint.dim(before)}${paint.bold(title)} ${paint.dim(sign.repeat(ruleLength(left, language)))}`];
}

/**
 * Returns how many signs make up the rest of a rule. A Japanese terminal may draw each of them in two columns, those
 * before the title as well; the rule must not go on in the next line.
 */
const ruleLength = (left: number, language: Language): number =>
  language === 'ja' ? Math.max(1, Math.floor((left - shortest) / 2)) : left;
