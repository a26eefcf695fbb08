#!/usr/bin/env node
import { guardOutput } from './startup/guard-output.js';
import { loadProgram } from './startup/load-program.js';
import { tuneV8 } from './startup/tune-v8.js';
import { version } from './version.js';

const exitCodeAfterOutput = guardOutput();
// Warnings of Node and of libraries are for programmers. Node prints them with a listener of its own.
process.removeAllListeners('warning');

// Scripts call --version often. Answering it here saves loading the program.
if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`);
else loadProgram(__dirname, tuneV8).program.main().then(exit);

/**
 * Ends the process as soon as everything is written. Left to itself, Node first frees its heap piece by piece, which
 * takes 30 ms after a sync of 1,000 Services on the sandbox's kernel.
 */
async function exit(exitCode: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) await new Promise(written => stream.write('', written));
  process.exit(exitCodeAfterOutput(exitCode));
}
