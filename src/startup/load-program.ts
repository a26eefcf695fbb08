import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { tuneV8 } from './tune-v8.js';

/** What the program's first module gives. */
export type Program = typeof import('../cli/program.js');

/** A file as it was built: one expression, a function of what Node gives every module. */
type ModulesFile = (module: { exports: Exports }, exports: Exports, require: (name: string) => unknown) => void;

/** The file's modules, by their names: `./program.js`. */
interface Exports {
  readonly [name: string]: unknown;
  /** Modules that are in another file than the one with their name, and which. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Gives the script of a file: `./sync.js`. */
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
  const loaded = new Map<string, unknown>();
  const fileOf = new Map<string, string>();
  const load = (name: string): unknown => {
    if (!name.startsWith('./')) return require(name);
    if (!loaded.has(name)) loadFile(fileOf.get(name) ?? name);
    return loaded.get(name);
  };
  const loadFile = (file: string) => {
    const module: { exports: Exports } = { exports: {} };
    (scriptOf(file).runInThisContext() as ModulesFile)(module, module.exports, load);
    const { files = {}, ...modules } = module.exports;
    // Who imports them has to know that their default export is one of that name.
    for (const [name, exports] of Object.entries(modules))
      loaded.set(name, Object.defineProperty(exports as object, '__esModule', { value: true }));
    for (const [name, place] of Object.entries(files)) fileOf.set(name, place);
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
