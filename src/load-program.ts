import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { tuneV8 } from './tune-v8.js';

/** What the program's first module gives. */
export type Program = typeof import('./cli.js');

type Load = (name: string) => unknown;

/** A file as it was built: one expression, with the modules that are loaded together. */
interface ModulesFile {
  readonly modules: Readonly<Record<string, (module: { exports: unknown }, exports: unknown, require: Load) => void>>;
  /** Modules that are in another file than the one with their name, and which. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** Gives a file's script, from its name: `./program.js`. */
export type FindScript = (file: string) => Script;

export const bytecodeIn = (folder: string, file: string): string => join(folder, file.replace(/\.js$/, '.bytecode'));

/**
 * Loads the program beside this file with the bytecode that building it has kept: without, compiling takes two fifths of a short command's time
 * (`sync --dry-run` of the demo's cluster: 107 instead of 176 ms, 56 of them Node's own). Another Node or V8 refuses the
 * bytecode, and compiles.
 */
export function loadProgram(folder: string = __dirname): Program {
  return runProgram(file => {
    const script = scriptIn(folder, file);
    tuneV8();
    return script;
  });
}

/** The folder's file, compiled or taken from its bytecode. All of it is ASCII, and a text that is read as Latin-1 takes half the memory. */
export function scriptIn(folder: string, file: string): Script {
  const filename = join(folder, file);
  const cachedData = keptBytecode(folder, file);
  return new Script(readFileSync(filename, 'latin1'), {
    filename,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

/** What the program's first module gives. What it loads late comes from files of its own, so that no command waits for what it does not need. */
export function runProgram(scriptOf: FindScript): Program {
  const loaded = new Map<string, { exports: unknown }>();
  const files: ModulesFile = { modules: {}, elsewhere: {} };
  const find = (name: string) => {
    if (files.modules[name] === undefined) {
      const { modules, elsewhere } = scriptOf(files.elsewhere[name] ?? name).runInThisContext() as ModulesFile;
      Object.assign(files.modules, modules);
      Object.assign(files.elsewhere, elsewhere);
    }
    return files.modules[name];
  };
  const load = (name: string): unknown => {
    if (!name.startsWith('./')) return require(name);
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    find(name)?.(module, module.exports, load);
    return module.exports;
  };
  return load('./program.js') as Program;
}

function keptBytecode(folder: string, file: string): Buffer | undefined {
  try {
    return readFileSync(bytecodeIn(folder, file));
  } catch {
    return undefined;
  }
}
