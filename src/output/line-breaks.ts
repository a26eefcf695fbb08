import { isWide, isZeroWidth } from './width.js';

/**
 * What never begins a line of Japanese: closing brackets, marks, small kana, signs of repetition and prolongation. The
 * strict rule of https://www.w3.org/TR/jlreq/ (3.1.7).
 */
const neverFirst = new RegExp(
  [
    '[!%),.:;?\\]}\'"/\\u00bb\\u2010-\\u2015\\u2019\\u201d\\u2025\\u2026\\u2030\\u203c\\u2047-\\u2049',
    '\\u3001\\u3002\\u3005\\u3009\\u300b\\u300d\\u300f\\u3011\\u3015\\u3017\\u3019\\u301c\\u301f\\u303b',
    '\\u3041\\u3043\\u3045\\u3047\\u3049\\u3063\\u3083\\u3085\\u3087\\u308e\\u3095\\u3096\\u309b-\\u309e\\u30a0',
    '\\u30a1\\u30a3\\u30a5\\u30a7\\u30a9\\u30c3\\u30e3\\u30e5\\u30e7\\u30ee\\u30f5\\u30f6\\u30fb-\\u30fe',
    '\\u31f0-\\u31ff\\uff01\\uff05\\uff09\\uff0c\\uff0e\\uff0f\\uff1a\\uff1b\\uff1f\\uff3d\\uff5d\\uff5e\\uff60]',
  ].join(''),
);

/** What never ends a line of Japanese: opening brackets, and signs before a number. */
const neverLast = new RegExp(
  [
    '[#$(<@[{\'"\\u00ab\\u2018\\u201c\\u3008\\u300a\\u300c\\u300e\\u3010\\u3014\\u3016\\u3018\\u301d',
    '\\uff04\\uff08\\uff3b\\uff5b\\uff5f\\uffe5]',
  ].join(''),
);

/** A word in katakana is easier to read in one piece. Longer ones are mostly made up of several. */
const longestKatakanaWord = 8;
const katakanaWords = /[\u30a1-\u30fa\u30fc]+/g;

/** Returns true if a line may end between two characters that no blank separates. */
const mayBreakBetween = (before: string, after: string): boolean =>
  (isWide(before) || isWide(after)) && !neverFirst.test(after) && !neverLast.test(before);

/**
 * Returns the positions within a word where a line may end: between the characters of Japanese and Chinese, which use
 * no blanks. Other words have none.
 */
export function breaksIn(word: string): readonly number[] {
  const positions: number[] = [];
  let position = 0;
  let before = '';
  for (const character of word) {
    if (before !== '' && !isZeroWidth(character) && mayBreakBetween(before, character)) positions.push(position);
    if (!isZeroWidth(character)) before = character;
    position += character.length;
  }
  return positions.length === 0 ? positions : withoutKatakana(word, positions);
}

/** Leaves out the positions within short words in katakana. */
function withoutKatakana(word: string, positions: readonly number[]): readonly number[] {
  const kept = [...word.matchAll(katakanaWords)].filter(([each]) => each.length <= longestKatakanaWord);
  return positions.filter(
    position => !kept.some(({ index, 0: each }) => index < position && position < index + each.length),
  );
}
