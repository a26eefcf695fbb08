import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

type Program = typeof import('../cli/program.js');

/** The scripts that scripts/build/parts.js divides the program into. */
export type PartName = 'command-line' | 'commands' | 'explain';

/** By the path of a module: evaluates it, if that was not done before, and returns what it exports. */
type Modules = Readonly<Record<string, () => unknown>>;

/** The value of a script: a function such as Node wraps around every CommonJS module. */
type PartFunction = (module: { exports: unknown }, require: NodeJS.Require, part: (name: PartName) => Modules) => void;

interface LoadedProgram {
  readonly program: Program;
  /** The scripts that are loaded by now. */
  readonly scripts: ReadonlyMap<PartName, Script>;
}

/** @param beforeCommands is called before any part but the command line is loaded */
export function loadProgram(folder: string, beforeCommands: () => void): LoadedProgram {
  const scripts = new Map<PartName, Script>();
  const loaded = new Map<PartName, Modules>();
  const part = (name: PartName): Modules => loaded.get(name) ?? load(name);
  function load(name: PartName): Modules {
    if (loaded.size === 1) beforeCommands();
    const script = compilePart(folder, name);
    scripts.set(name, script);
    const module = { exports: {} as Modules };
    (script.runInThisContext() as PartFunction)(module, require, part);
    loaded.set(name, module.exports);
    return module.exports;
  }
  const program = part('command-line')['src/cli/program.ts']?.() as Program;
  return { program, scripts };
}

export const bytecodePath = (folder: string, part: PartName): string => join(folder, `${part}.bytecode`);

/**
 * Returns the script of a part. V8 compiles the source if there is no bytecode or if it rejects it, which it does
 * if the bytecode comes from another version of V8, from other V8 flags, or from a source of another length.
 */
export function compilePart(folder: string, part: PartName): Script {
  const filename = join(folder, `${part}.js`);
  const cachedData = readIfPresent(bytecodePath(folder, part));
  // The build writes ASCII only. Read as Latin-1, a string takes one byte a character, without a check of its encoding.
  return new Script(readFileSync(filename, 'latin1'), { filename, ...(cachedData && { cachedData }) });
}

function readIfPresent(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
