/** The width of a terminal on which every text of kproxy is readable. */
export const textWidth = 80;

/** What is before the first line of a text, and before all others. Both count as part of the width. */
export interface Margins {
  readonly first: string;
  readonly rest: string;
}

/** Returns margins of blanks. The lines after the first one have `hanging` more. */
export const indent = (blanks: number, hanging = 0): Margins => ({
  first: ' '.repeat(blanks),
  rest: ' '.repeat(blanks + hanging),
});

/** Returns the number of characters. Nearly all text is ASCII, apart from comments of foreign rules. */
export const widthOf = (text: string): number => [...text].length;

/** Pads a text with blanks on its right. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/**
 * Breaks a text at its blanks into lines that are no wider than `width`. A word that is wider than a line continues on
 * the next one, so that nothing is lost.
 */
export function wrapped(text: string, { first, rest }: Margins, width = textWidth): readonly string[] {
  const room = Math.max(1, width - Math.max(widthOf(first), widthOf(rest)));
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const { piece, isContinued } of text.split(/\s+/).flatMap(word => piecesOf(word, room))) {
    if (isContinued || (!isEmpty && widthOf(line) + 1 + widthOf(piece) > width)) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? piece : ` ${piece}`;
    isEmpty = false;
  }
  return [...lines, line].map(each => each.trimEnd());
}

function piecesOf(word: string, room: number): readonly { readonly piece: string; readonly isContinued: boolean }[] {
  const characters = [...word];
  const count = Math.max(1, Math.ceil(characters.length / room));
  return Array.from({ length: count }, (_, index) => ({
    piece: characters.slice(index * room, (index + 1) * room).join(''),
    isContinued: index > 0,
  }));
}
