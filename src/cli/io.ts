import { readAll } from '../cluster/read-input.js';
import type { Io } from '../commands/shared/io.js';
import { guardedIo } from '../output/guarded-io.js';

const streams: Io = {
  stdout: output => void process.stdout.write(output),
  stderr: output => void process.stderr.write(output),
  readStdin: async () => (await readAll(process.stdin)).toString('utf8'),
};

/** This process's own streams, which control characters of others do not reach. */
export const processIo: Io = guardedIo(streams);

/** The same for a command whose result may have colors. */
export const paintedIo = (isColored: boolean): Io => (isColored ? guardedIo(streams, true) : processIo);
