import { PassThrough } from 'node:stream';
import type { TerminalInput, TerminalOutput } from '../../../../src/tutorial/share/attach-terminal.js';

/** The keyboard and the screen of a terminal. */
export function createFakeTerminal({ isTTY = true } = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const rawModes: boolean[] = [];
  const stdin: TerminalInput = isTTY
    ? Object.assign(input, { isTTY, isRaw: false, setRawMode: (isRaw: boolean) => void rawModes.push(isRaw) })
    : input;
  const size = { isTTY, columns: 71, rows: 19 };
  const stdout: TerminalOutput = Object.assign(output, size);
  return {
    stdin,
    stdout,
    /** What the raw mode was set to, oldest first. */
    rawModes,
    /** Returns what the screen shows so far. */
    text: () => text,
    type: (keys: string) => void input.write(keys),
    endInput: () => void input.end(),
    resize(columns: number, rows: number) {
      Object.assign(output, { columns, rows });
      output.emit('resize');
    },
  };
}
