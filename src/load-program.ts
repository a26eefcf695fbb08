import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { tuneV8 } from './tune-v8.js';

/** What program.js gives. */
export type Program = typeof import('./cli.js');

/** program.js as it was built: one expression, a function of what Node gives every module. */
type LoadedScript = (module: { exports: unknown }, load: NodeJS.Require, file: string, folder: string) => void;

const programIn = (folder: string): string => join(folder, 'program.js');
export const bytecodeIn = (folder: string): string => join(folder, 'program.bytecode');

/**
 * Loads the program beside this file with the bytecode that building it has kept: without, compiling takes two fifths of a short command's time
 * (`sync --dry-run` of the demo's cluster: 107 instead of 176 ms, 56 of them Node's own). Another Node or V8 refuses the
 * bytecode, and compiles.
 */
export function loadProgram(folder: string = __dirname): Program {
  const script = scriptIn(folder, keptBytecode(folder));
  tuneV8();
  return runScript(script, folder);
}

/** The folder's program, compiled or taken from its bytecode. All of it is ASCII, and a text that is read as Latin-1 takes half the memory. */
export function scriptIn(folder: string, cachedData: Buffer | undefined): Script {
  const filename = programIn(folder);
  return new Script(readFileSync(filename, 'latin1'), {
    filename,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

export function runScript(script: Script, folder: string): Program {
  const module = { exports: {} };
  (script.runInThisContext() as LoadedScript)(module, require, programIn(folder), folder);
  return module.exports as Program;
}

function keptBytecode(folder: string): Buffer | undefined {
  try {
    return readFileSync(bytecodeIn(folder));
  } catch {
    return undefined;
  }
}
