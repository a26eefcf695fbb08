import { stripVTControlCharacters } from 'node:util';

/**
 * Returns what a terminal would show of an output, without colors: a carriage return and a backspace move back on the
 * line, and what follows overwrites it. Other control characters but tabs are left out. Lines end with `\n`.
 */
export const plainText = (output: string): string =>
  stripVTControlCharacters(output).split('\n').map(shownLine).join('\n');

/** Characters that a terminal obeys and does not show. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
  /[\u0000-\u0007\u000a-\u000c\u000e-\u001f\u007f-\u009f]/g;

function shownLine(line: string): string {
  const text = line.replace(unseen, '');
  return /[\r\b]/.test(text) ? overwritten(text) : text;
}

function overwritten(line: string): string {
  const cells: string[] = [];
  let column = 0;
  for (const character of line) {
    if (character === '\r') column = 0;
    else if (character === '\b') column = Math.max(column - 1, 0);
    else {
      cells[column] = character;
      column += 1;
    }
  }
  return cells.join('');
}
