#!/usr/bin/env node
import { ExitCode } from './cli/exit-codes.js';
import { guardOutput } from './startup/guard-output.js';
import { hideMemory } from './startup/hide-memory.js';
import { loadProgram } from './startup/load-program.js';
import { refuseDebugger } from './startup/refuse-debugger.js';
import { renewBytecode } from './startup/renew-bytecode.js';
import { tuneV8 } from './startup/tune-v8.js';
import { version } from './version.js';

refuseDebugger();
const exitCodeAfterOutput = guardOutput();
// Warnings of Node and of libraries are for programmers. Node prints them with a listener of its own.
process.removeAllListeners('warning');

// Scripts call --version often. Answering it here saves loading the program.
if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`);
else run().catch(endAtLimit);

/** The build replaces this name. */
declare const BUILD_ID: string;

async function run(): Promise<void> {
  hideMemory();
  const build = { folder: __dirname, id: BUILD_ID };
  const loaded = loadProgram(build, tuneV8);
  const exitCode = await loaded.program.main();
  await written();
  renewBytecode(build, loaded);
  // Left to itself, Node first frees its heap piece by piece, which takes 30 ms after a sync of 1,000 Services on the
  // sandbox's kernel.
  process.exit(exitCodeAfterOutput(exitCode));
}

/**
 * Ends with a line if this process may not even open the files of the program, and with a trace for any other error.
 * The program's own errors do not come here.
 */
function endAtLimit(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EMFILE' && error.code !== 'ENFILE') throw error;
  process.stderr.write(`kproxy: no more files may be opened (${error.message}). Raise the limit: ulimit -n\n`);
  process.exit(ExitCode.nodeUnreadable);
}

/** Resolves as soon as all output is written. */
async function written(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) await new Promise(done => stream.write('', done));
}
