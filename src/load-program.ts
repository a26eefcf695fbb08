import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { tuneV8 } from './tune-v8.js';

/** What program.js gives. */
export type Program = typeof import('./cli.js');

/** A bundle as it was built: one expression, a function of what Node gives every module. */
type Bundle = (module: { exports: unknown }, load: (name: string) => unknown, file: string, folder: string) => void;

const bundleIn = (folder: string, name: string): string => join(folder, `${name}.js`);
export const bytecodeIn = (folder: string, name: string): string => join(folder, `${name}.bytecode`);

/**
 * Loads the program beside this file with the bytecode that building it has kept: without, compiling takes two fifths of a short command's time
 * (`sync --dry-run` of the demo's cluster: 107 instead of 176 ms, 56 of them Node's own). Another Node or V8 refuses the
 * bytecode, and compiles.
 */
export function loadProgram(folder: string = __dirname): Program {
  const script = scriptIn(folder, 'program');
  tuneV8();
  return runScript(script, folder, 'program', name => scriptIn(folder, name)) as Program;
}

/** The folder's bundle of this name, compiled or taken from its bytecode. All of it is ASCII, and a text that is read as Latin-1 takes half the memory. */
export function scriptIn(folder: string, name: string): Script {
  const filename = bundleIn(folder, name);
  const cachedData = keptBytecode(folder, name);
  return new Script(readFileSync(filename, 'latin1'), {
    filename,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

/**
 * What the bundle gives.
 * @param scriptOf the other bundles, by the names of their packages: what few commands need, and all others would wait for
 */
export function runScript(script: Script, folder: string, name: string, scriptOf: (name: string) => Script): unknown {
  const module = { exports: {} };
  const loaded = new Map<string, unknown>();
  const load = (wanted: string): unknown => {
    if (isBuiltin(wanted)) return require(wanted);
    if (!loaded.has(wanted)) loaded.set(wanted, runScript(scriptOf(wanted), folder, wanted, scriptOf));
    return loaded.get(wanted);
  };
  (script.runInThisContext() as Bundle)(module, load, bundleIn(folder, name), folder);
  return module.exports;
}

function keptBytecode(folder: string, name: string): Buffer | undefined {
  try {
    return readFileSync(bytecodeIn(folder, name));
  } catch {
    return undefined;
  }
}
