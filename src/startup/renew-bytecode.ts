import { type Build, writeBytecode } from './bytecode.js';
import type { LoadedProgram } from './load-program.js';
import { tuneV8, untuneV8 } from './tune-v8.js';

/**
 * Writes the bytecode of the parts that had none for this version of Node, so that the next command does not compile
 * them again: the build records it only for the Node that it runs on. Where the folder cannot be written, all stays as
 * it is. On Node 24 the first command takes 40 ms longer, and each later one 60 ms less.
 *
 * Help is no occasion: it runs too few functions of the command line.
 */
export function renewBytecode(build: Build, { parts }: LoadedProgram): void {
  if (parts.size < 2 || ![...parts.values()].some(({ lacksBytecode }) => lacksBytecode)) return;
  // With flags of the user's, V8 would write what it rejects without them.
  if (process.execArgv.length > 0 || process.env.NODE_OPTIONS) return;
  try {
    for (const [part, compiled] of parts) {
      if (!compiled.lacksBytecode) continue;
      // V8 rejects bytecode that was written with other flags than those with which it is read.
      if (part === 'command-line') untuneV8();
      writeBytecode(build, part, compiled);
      if (part === 'command-line') tuneV8();
    }
  } catch {
    // A read-only folder, a full disk: without bytecode the program works as well.
  }
}
