import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { type Build, type CompiledSource, readBytecode } from './bytecode.js';

type Program = typeof import('../cli/program.js');

/** The scripts that scripts/build/parts.js divides the program into. */
export type PartName = 'command-line' | 'commands' | 'explain' | 'kubectl' | 'tutorial' | 'yaml';

/** By the path of a module: evaluates it, if that was not done before, and returns what it exports. */
type Modules = Readonly<Record<string, () => unknown>>;

/** The value of a script: a function such as Node wraps around every CommonJS module. */
type PartFunction = (
  module: { exports: unknown },
  require: NodeJS.Require,
  part: (name: PartName) => Modules,
  moduleUrl: string,
) => void;

/** A part as V8 has it. */
export interface CompiledPart extends CompiledSource {
  /** True if there was no bytecode for this Node. */
  readonly lacksBytecode: boolean;
}

export interface LoadedProgram {
  readonly program: Program;
  /** The parts that are loaded by now. */
  readonly parts: ReadonlyMap<PartName, CompiledPart>;
}

/**
 * Loads the command line from a folder, and every other part as soon as a module of it is imported.
 *
 * What this buys, measured as processor time of which starting Node takes 61 ms:
 *
 * - V8 reads the bytecode that the build recorded instead of compiling the functions of a command again.
 *   `kproxy sync --dry-run` of the demo's cluster takes 130 instead of 185 ms.
 * - The time for reading a script and its bytecode grows with their size, used or not. As one script, they take
 *   `kproxy sync --help` 88 ms; as parts, 70 ms, and what is added to `explain` costs no other command any time.
 *
 * @param beforeOther is called before each part but the command line is loaded
 */
export function loadProgram(build: Build, beforeOther: () => void): LoadedProgram {
  const parts = new Map<PartName, CompiledPart>();
  const loaded = new Map<PartName, Modules>();
  const moduleUrl = pathToFileURL(join(build.folder, 'program.js')).href;
  const part = (name: PartName): Modules => loaded.get(name) ?? load(name);
  function load(name: PartName): Modules {
    if (name !== 'command-line') beforeOther();
    const compiled = compilePart(build, name);
    parts.set(name, compiled);
    const module = { exports: {} as Modules };
    (compiled.script.runInThisContext() as PartFunction)(module, require, part, moduleUrl);
    loaded.set(name, module.exports);
    return module.exports;
  }
  const program = part('command-line')['src/cli/program.ts']?.() as Program;
  return { program, parts };
}

/**
 * Returns a part. V8 compiles the source if there is no bytecode of it or if it rejects that, which it does if the
 * bytecode comes from other V8 flags.
 */
export function compilePart(build: Build, part: PartName): CompiledPart {
  const source = readFileSync(join(build.folder, `${part}.js`));
  const cachedData = readBytecode(build, part, source);
  // Stacks show the name that the bytecode was recorded with. It must not name the folder that the build wrote to.
  // The build writes ASCII only. As Latin-1, a string takes one byte a character, without a check of its encoding.
  const script = new Script(source.toString('latin1'), {
    filename: `kproxy/${part}.js`,
    ...(cachedData && { cachedData }),
  });
  return { script, source, lacksBytecode: cachedData === undefined };
}
