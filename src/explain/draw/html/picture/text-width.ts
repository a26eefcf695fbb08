/** Sizes of the drawing's text in its own units, which are pixels on a narrow screen. */
export const fontSize = { title: 13, note: 12, label: 12 } as const;
export const lineHeight = 17;

/** All characters of the fixed-width fonts of the usual systems are at most this wide, in parts of the font size. */
const fixedWidth = 0.61;

/** Widths of DejaVu Sans, the widest of the usual system fonts, in parts of the font size. */
const widths: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[ijl.,:;'|! I]/, 0.38],
  [/[frt()[\]/-]/, 0.45],
  [/[mwMW@%\u2192]/, 1.02],
  [/[A-Z]/, 0.78],
  [/[a-z\d]/, 0.645],
  [/[\x20-\x7e]/, 0.84],
];

/** The width of each ASCII character, since they are looked up for every text. */
const asciiWidths: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  searchedWidth(String.fromCharCode(code)),
);

function searchedWidth(character: string): number {
  return widths.find(([characters]) => characters.test(character))?.[1] ?? 1.1;
}

const characterWidth = (character: string): number => asciiWidths[character.charCodeAt(0)] ?? searchedWidth(character);

export type Face = 'fixed' | 'plain';

/** Returns the most that a text can take on a line. */
export function widthOf(text: string, face: Face, size: number): number {
  const characters = [...text];
  if (face === 'plain') return size * characters.reduce((total, character) => total + characterWidth(character), 0);
  return (
    size * characters.reduce((total, one) => total + (one.charCodeAt(0) < 0x100 || one === '→' ? fixedWidth : 1.1), 0)
  );
}

/** Breaks a text into lines that fit, between words, or within a word that is too long for a line. */
export function wrap(text: string, available: number, face: Face, size: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap(one => pieces(one, available, face, size))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer, face, size) <= available) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line].filter(one => one !== '');
}

/** Splits a word that is wider than a line, after a sign such as `:` or `/` if possible. */
function pieces(word: string, available: number, face: Face, size: number): readonly string[] {
  const all: string[] = [];
  let rest = [...word];
  while (widthOf(rest.join(''), face, size) > available && rest.length > 1) {
    let fitting = rest.length - 1;
    while (fitting > 1 && widthOf(rest.slice(0, fitting).join(''), face, size) > available) fitting--;
    const sign = rest.slice(0, fitting).findLastIndex(one => /[:/,._-]/.test(one));
    const end = sign > fitting / 2 ? sign + 1 : fitting;
    all.push(rest.slice(0, end).join(''));
    rest = rest.slice(end);
  }
  return [...all, rest.join('')];
}

/** Returns the first lines, the last of them with `…` if there are more. */
export const firstLines = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most - 1), `${(lines[most - 1] as string).slice(0, -2)} …`];
