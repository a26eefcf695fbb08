import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { tuneV8 } from './tune-v8.js';

type Program = typeof import('../cli/program.js');

/** The scripts that the program is divided into (scripts/build/parts.js). */
export type PartName = 'command-line' | 'commands' | 'explain';

/** Functions that evaluate a module, if it is not evaluated yet, and return what it exports. By the paths of modules. */
type Modules = Readonly<Record<string, () => unknown>>;

/** The value of a script: a function such as Node wraps around every CommonJS module. */
type PartFunction = (module: { exports: unknown }, require: NodeJS.Require, part: (name: PartName) => Modules) => void;

export const bytecodePath = (folder: string, part: PartName): string => join(folder, `${part}.bytecode`);

export function loadProgram(folder: string, onCompiled: (part: PartName, script: Script) => void = () => {}): Program {
  const loaded = new Map<PartName, Modules>();
  function part(name: PartName): Modules {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    if (loaded.size === 1) tuneV8();
    const script = compilePart(folder, name);
    onCompiled(name, script);
    const module = { exports: {} as Modules };
    (script.runInThisContext() as PartFunction)(module, require, part);
    loaded.set(name, module.exports);
    return module.exports;
  }
  return part('command-line')['src/cli/program.ts']?.() as Program;
}

/**
 * Returns the script of program.js. V8 compiles the source if there is no bytecode or if it rejects it, which it does
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
