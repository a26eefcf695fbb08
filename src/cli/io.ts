import { text } from 'node:stream/consumers';
import type { Io } from '../commands/shared/io.js';

/** This process's own streams. */
export const processIo: Io = {
  stdout: output => void process.stdout.write(output),
  stderr: output => void process.stderr.write(output),
  readStdin: () => text(process.stdin),
};
