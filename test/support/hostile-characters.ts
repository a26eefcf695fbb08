import { visible } from '../../src/visible.js';

/**
 * Code points that a terminal obeys, or that no reader sees. They are numbers, because no editor shows them either: C0,
 * DEL, C1, soft hyphen, joiners and fillers, marks of direction, separators of lines, variation selectors, annotations,
 * tags, noncharacters, and lone surrogates.
 */
const ranges: readonly (readonly [first: number, last: number])[] = [
  [0x01, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xd800],
  [0xdfff, 0xdfff],
  [0xfdd0, 0xfdd0],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xfffe, 0xffff],
  [0x1d173, 0x1d17a],
  [0xe0001, 0xe0001],
  [0xe0020, 0xe007f],
  [0xe0100, 0xe01ef],
];

export const hostileCharacters: readonly string[] = ranges.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)),
);

const isHostile = new Set(hostileCharacters);

/** Returns the code points of a text's hostile characters, except for newlines between its lines. */
export const hostileIn = (text: string): readonly string[] => [
  ...new Set(
    Array.from(text)
      .filter(character => character !== '\n' && isHostile.has(character))
      .map(character => `U+${(character.codePointAt(0) ?? 0).toString(16)}`),
  ),
];

const escapeCharacter = String.fromCodePoint(0x1b);
const csi = String.fromCodePoint(0x9b);

/** What would clear the screen, set the title, color the rest, forge a line and hide another, with all characters. */
export const hostileText: string = [
  `${escapeCharacter}[2J${escapeCharacter}]0;title`,
  String.fromCodePoint(0x07),
  `${escapeCharacter}[31m${csi}31m`,
  '\n2026-12-01T00:00:00.000Z all is well\nerror: forged\r# forged',
  hostileCharacters.join(''),
].join('');

/** A text of about the length that the hostile one has on a screen, without anything hostile. */
export const harmlessText: string = visible(hostileText).replaceAll('\\', '/');
