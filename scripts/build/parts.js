// Divides the program into parts, each of which becomes one script. What that buys: see src/startup/load-program.ts.
import { relative } from 'node:path';
import { build } from 'esbuild';

/** The module that `kproxy.js` loads. */
const start = 'src/cli/program.ts';
/** Modules that only this one imports, and only late, are a part of their own. */
const explainCommand = 'src/cli/explain.ts';

/** @type {readonly PartName[]} */
export const partNames = ['command-line', 'commands', 'explain'];

/**
 * @typedef {'command-line' | 'commands' | 'explain'} PartName
 * @typedef {object} Parts
 * @property {ReadonlyMap<string, PartName>} partOf the part of each module, by its path
 * @property {ReadonlyMap<string, readonly string[]>} offered
 *   the modules that other parts import, and what each exports (nothing is known of a CommonJS module)
 */

/** @returns {Promise<Parts>} */
export async function divideProgram(options) {
  const { inputs } = (await analyze(options, [start])).metafile;
  const reached = follows => reachable(inputs, start, follows);
  const commandLine = reached(({ kind }) => kind !== 'dynamic-import');
  const commands = reached(({ kind }, importer) => importer !== explainCommand || kind !== 'dynamic-import');
  const partOf = new Map();
  for (const path of Object.keys(inputs))
    partOf.set(path, commandLine.has(path) ? 'command-line' : commands.has(path) ? 'commands' : 'explain');

  const offered = new Set([start]);
  for (const [importer, { imports }] of Object.entries(inputs))
    for (const { path } of imports)
      if (partOf.has(path) && partOf.get(path) !== partOf.get(importer)) offered.add(path);
  return { partOf, offered: await exportsOf(options, [...offered].sort()) };
}

/** Returns the paths of the modules reached from one by imports that `follows` accepts. */
function reachable(inputs, from, follows) {
  const found = new Set([from]);
  for (const importer of found)
    for (const imported of inputs[importer].imports)
      if (imported.path in inputs && follows(imported, importer)) found.add(imported.path);
  return found;
}

/** Returns the names that modules export. */
async function exportsOf(options, paths) {
  const { inputs, outputs } = (await analyze(options, paths)).metafile;
  const entries = Object.values(outputs).filter(({ entryPoint }) => entryPoint !== undefined);
  return new Map(entries.map(({ entryPoint: path, exports }) => [path, inputs[path].format === 'esm' ? exports : []]));
}

const analyze = (options, entryPoints) =>
  build({ ...options, entryPoints, format: 'esm', splitting: true, metafile: true, write: false });

/** Builds the script of a part. */
export function buildPart(options, name, { partOf, offered }) {
  const own = [...offered.keys()].filter(path => partOf.get(path) === name);
  const modules = own.map(path => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)}),`);
  return build({
    ...options,
    stdin: { contents: `module.exports = {\n${modules.join('\n')}\n};`, resolveDir: '.', sourcefile: `${name}.js` },
    outfile: `${options.outdir}/${name}.js`,
    outdir: undefined,
    plugins: [fromOtherParts(name, partOf, offered)],
    // A script that node:vm runs has no import(). As require, a module is still evaluated only when it is imported.
    supported: { 'dynamic-import': false },
    banner: { js: '(function (module, require, part) {' },
    footer: { js: '})' },
  });
}

/** Replaces a module of another part by one that takes the same exports from that part: a module exists once. */
const fromOtherParts = (name, partOf, offered) => ({
  name: 'from-other-parts',
  setup({ onLoad }) {
    onLoad({ filter: /./, namespace: 'file' }, ({ path: absolutePath }) => {
      const path = relative('.', absolutePath);
      const part = partOf.get(path);
      if (part === name || part === undefined) return undefined;
      const value = `part(${JSON.stringify(part)})[${JSON.stringify(path)}]()`;
      return { contents: reexport(value, offered.get(path)), loader: 'js' };
    });
  },
});

const reexport = (value, names) =>
  names.length === 0
    ? `module.exports = ${value};`
    : [
        `const exported = ${value};`,
        ...names.map(name =>
          name === 'default' ? 'export default exported.default;' : `export const ${name} = exported.${name};`,
        ),
      ].join('\n');
