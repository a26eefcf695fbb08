import { visible, visibleText } from '../visible.js';

interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/**
 * Returns an output to which no control or invisible character of an object, a file or a tool passes, whatever a
 * command writes. It is the last of two barriers: what is printed should be quoted where it is known what it is.
 * @param isPainted lets colors through on stdout, for commands that make all other text visible before they paint it
 */
export const guardedIo = <Io extends Output>(io: Io, isPainted = false): Io => ({
  ...io,
  stdout: text => io.stdout(isPainted ? visiblePainted(text) : visibleText(text)),
  stderr: text => io.stderr(messageLine(text)),
});

/** Messages are written one by one. A line break within one is not kproxy's own. */
const messageLine = (text: string): string => (text.endsWith('\n') ? `${visible(text.slice(0, -1))}\n` : visible(text));

const escapeCharacter = '\u001b';
const paintedParts = new RegExp(`(${escapeCharacter}\\[[0-9]{1,2}m)`);

/** Keeps what `paint.ts` writes. */
const visiblePainted = (text: string): string =>
  text.includes(escapeCharacter)
    ? text
        .split(paintedParts)
        .map((part, index) => (index % 2 === 1 ? part : visibleText(part)))
        .join('')
    : visibleText(text);
