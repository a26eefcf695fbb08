import { widthOf } from '../../../output/width.js';
import { textWidth } from '../../../output/wrap.js';

/** A word of a command with what quotes it: blanks inside of quotes belong to the word. */
const shellWord = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\]|['"\\])+/gs;

/**
 * Breaks a command into lines that a shell reads as the same command: between words, with a backslash. A word that is
 * wider than a line stays in one piece, since a shell would read two.
 */
export function shellLines(command: string, margin: string): readonly string[] {
  const words = command.match(shellWord) ?? [];
  const rest = `${margin}  `;
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const next = line === '' ? word : `${line} ${word}`;
    const isFull = widthOf(lines.length === 0 ? margin : rest) + widthOf(next) > textWidth - 2;
    if (isFull && line !== '') {
      lines.push(line);
      line = word;
    } else line = next;
  }
  lines.push(line);
  return lines.map((each, index) => {
    const end = index === lines.length - 1 ? '' : ' \\';
    return `${index === 0 ? margin : rest}${each}${end}`;
  });
}
