import type { Io } from '../commands/shared/io.js';

/** This process's own streams. */
export const processIo: Io = {
  stdout: output => void process.stdout.write(output),
  stderr: output => void process.stderr.write(output),
  // Node's own modules for streams take as long to load as this program: only who needs one waits for it.
  readStdin: async () => (await import('node:stream/consumers')).text(process.stdin),
};
