import { writeSync } from 'node:fs';
import { ExitCode } from '../cli/exit-codes.js';
import { type Table, table } from '../table.js';

/** Returns the exit code of a command, from the one that it would have if all of its messages were written. */
export type ExitCodeAfterOutput = (exitCode: number) => number;

/**
 * Ends the program with one line and an exit code of its own if its result cannot be written, for example because a
 * disk is full. If only messages cannot be written, the program goes on: a sync must not stop half-way for that.
 */
export function guardOutput(): ExitCodeAfterOutput {
  let isMessageLost = false;
  for (const stream of [process.stdout, process.stderr]) writeCompletely(stream);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    endIfPipeIsClosed(error);
    process.stderr.write(`kproxy: standard output cannot be written: ${reasonOf(error)}. The result is incomplete.\n`);
    process.exit(ExitCode.outputUnwritable);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    endIfPipeIsClosed(error);
    isMessageLost = true;
  });
  return exitCode => (isMessageLost && exitCode <= ExitCode.differences ? ExitCode.outputUnwritable : exitCode);
}

/** A reader of the output may close it after any line, as head does. */
function endIfPipeIsClosed({ code }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit();
}

const reasons: Table<string> = table({
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EIO: 'the device reports an error',
});
const reasonOf = ({ code = '', message }: NodeJS.ErrnoException): string => reasons[code] ?? (code || message);

type Written = (error?: Error | null) => void;

/**
 * Makes a stream that is a file write all of its text. Node's own `SyncWriteStream` writes once and does not look at
 * how much of the text was taken, which is only a part if the disk becomes full (lib/internal/fs/sync_write_stream.js).
 */
function writeCompletely(stream: NodeJS.WriteStream & { readonly fd: number }): void {
  if (stream.constructor.name !== 'SyncWriteStream') return;
  Object.assign(stream, {
    _write(chunk: Uint8Array, _: string, written: Written) {
      try {
        for (let from = 0; from < chunk.length; ) from += writeSync(stream.fd, chunk, from);
        written();
      } catch (error) {
        written(error as Error);
      }
    },
  });
}
