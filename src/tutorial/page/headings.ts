import { widthOf } from '../../output/width.js';
import { visible } from '../../visible.js';
import type { Language } from '../language.js';
import { markedLines } from './marked-text.js';
import type { Style } from './style.js';

/** Returns the rule of an act, with its title. */
export const actLines = (title: string, style: Style, language: Language): readonly string[] =>
  ruled('', title, style.symbols.heavy, style, language);

/** Returns the rule of a step: `-- 3/41  A set for all cluster IPs -----`. */
export const stepLines = (
  number: number,
  count: number,
  title: string,
  style: Style,
  language: Language,
): readonly string[] => ruled(`${number}/${count}  `, title, style.symbols.light, style, language);

/** The length of the rule before a title, and the least behind it. */
const shortest = 2;

function ruled(label: string, title: string, sign: string, style: Style, language: Language): readonly string[] {
  const { paint, width } = style;
  const rule = `${sign.repeat(shortest)} `;
  const text = visible(style.plain(title));
  const left = width - widthOf(`${rule}${label}${text} `);
  if (left >= shortest) {
    return [`${paint.dim(rule)}${paint.bold(label + text)} ${paint.dim(sign.repeat(ruleLength(left, language)))}`];
  }
  const margins = { first: `${rule}${label}`, rest: ' '.repeat(rule.length) };
  return markedLines({ text, spans: [] }, margins, width).map(line => paint.bold(line));
}

/**
 * Returns how many signs make up the rest of a rule. A Japanese terminal may draw each of them in two columns, those
 * before the title as well; the rule must not go on in the next line.
 */
const ruleLength = (left: number, language: Language): number =>
  language === 'ja' ? Math.max(1, Math.floor((left - shortest) / 2)) : left;
