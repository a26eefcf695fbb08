// Divides the program into parts, each of which becomes one script. What this buys: see src/startup/load-program.ts.
import { relative } from 'node:path';
import { build } from 'esbuild';

/**
 * - `command-line` has what every command evaluates at once: `src/cli/program.ts` and its static imports.
 * - `explain`, `kubectl` and `tutorial` have what only one module of the command line imports, by an `import()`.
 * - `yaml` has what is reached only through `src/cluster/yaml.ts`: the parser, without what kproxy's commands need.
 * - `commands` has all other modules.
 * @typedef {'command-line' | 'commands' | 'explain' | 'kubectl' | 'tutorial' | 'yaml'} PartName
 */
/** @type {readonly PartName[]} */
const partNames = ['command-line', 'commands', 'explain', 'kubectl', 'tutorial', 'yaml'];
const yaml = 'src/cluster/yaml.ts';
const start = 'src/cli/program.ts';
/** The modules that have a part of their own for what they import. */
const importers = new Map([
  ['src/cli/explain.ts', 'explain'],
  ['src/cli/tutorial-kubectl.ts', 'kubectl'],
  ['src/cli/tutorial.ts', 'tutorial'],
]);

/** Builds the scripts of all parts into `options.outdir`, and returns the paths of all modules in them. */
export async function buildParts(options) {
  const { inputs } = (await analyze(options, [start])).metafile;
  const partOf = divide(inputs);
  const exportsOf = await readExports(options, offeredModules(inputs, partOf));
  for (const name of partNames) await buildPart(options, name, partOf, exportsOf);
  return Object.keys(inputs);
}

/** Returns the part of each module, by its path. */
function divide(inputs) {
  const commandLine = reachable(inputs, (_, { kind }) => kind !== 'dynamic-import');
  const common = reachable(inputs, (importer, { kind }) => !importers.has(importer) || kind !== 'dynamic-import');
  const own = [...importers].map(([module, name]) => ({ name, modules: importedBy(inputs, module) }));
  const withoutYaml = reachable(inputs, importer => importer !== yaml);
  const partOf = path => {
    if (commandLine.has(path)) return 'command-line';
    if (path === yaml || !withoutYaml.has(path)) return 'yaml';
    const [part, ...others] = common.has(path) ? [] : own.filter(({ modules }) => modules.has(path));
    return part === undefined || others.length > 0 ? 'commands' : part.name;
  };
  return new Map(Object.keys(inputs).map(path => [path, partOf(path)]));
}

/** Returns the modules that one module leads to by its `import()`. */
function importedBy(inputs, module) {
  const first = inputs[module].imports.filter(({ kind, path }) => kind === 'dynamic-import' && path in inputs);
  return reachable(
    inputs,
    () => true,
    first.map(({ path }) => path),
  );
}

/** Returns the modules that are reached from the first ones by the imports that `follows` accepts. */
function reachable(inputs, follows, first = [start]) {
  const found = new Set(first);
  for (const importer of found)
    for (const imported of inputs[importer].imports)
      if (imported.path in inputs && follows(importer, imported)) found.add(imported.path);
  return found;
}

/** Returns the modules that other parts and the loader import. */
function offeredModules(inputs, partOf) {
  const offered = new Set([start]);
  for (const [importer, { imports }] of Object.entries(inputs))
    for (const { path } of imports)
      if (partOf.has(path) && partOf.get(path) !== partOf.get(importer)) offered.add(path);
  return [...offered].sort();
}

/** Returns the names that modules export, by path. A CommonJS module has undefined. */
async function readExports(options, paths) {
  const { inputs, outputs } = (await analyze(options, paths)).metafile;
  const entries = Object.values(outputs).filter(({ entryPoint }) => entryPoint !== undefined);
  return new Map(
    entries.map(({ entryPoint, exports }) => [entryPoint, inputs[entryPoint].format === 'esm' ? exports : undefined]),
  );
}

const analyze = (options, entryPoints) =>
  build({ ...options, entryPoints, format: 'esm', splitting: true, metafile: true, write: false });

function buildPart({ outdir, ...options }, name, partOf, exportsOf) {
  const offered = [...exportsOf.keys()].filter(path => partOf.get(path) === name);
  const modules = offered.map(path => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)}),\n`);
  return build({
    ...options,
    stdin: { contents: `module.exports = {\n${modules.join('')}};\n`, resolveDir: '.', sourcefile: `${name}.js` },
    outfile: `${outdir}/${name}.js`,
    plugins: [fromOtherParts(name, partOf, exportsOf)],
    // A script that node:vm runs has no import.meta: the loader gives it the URL of the folder's program.
    define: { 'import.meta.url': 'moduleUrl' },
    // And it has no import(). As require, a module is still evaluated only when it is imported.
    supported: { 'dynamic-import': false },
    banner: { js: '(function (module, require, part, moduleUrl) {' },
    footer: { js: '})' },
  });
}

/** Replaces each module of another part by one that exports what that part has of it, so that a module exists once. */
const fromOtherParts = (name, partOf, exportsOf) => ({
  name: 'from-other-parts',
  setup({ onLoad }) {
    onLoad({ filter: /./, namespace: 'file' }, ({ path: absolutePath }) => {
      const path = relative('.', absolutePath);
      const part = partOf.get(path);
      if (part === name) return undefined;
      const module = `part(${JSON.stringify(part)})[${JSON.stringify(path)}]()`;
      return { contents: reexport(module, exportsOf.get(path)), loader: 'js' };
    });
  },
});

/** The names are exported one by one, because esbuild reads them as plain variables then. */
const reexport = (module, names) =>
  names === undefined
    ? `module.exports = ${module};`
    : [`const loaded = ${module};`, ...names.map((name, index) => reexportName(name, `name${index}`))].join('\n');

/** A name may be a word of the language, such as `default`, or `catch` of zod. */
const reexportName = (name, variable) => `const ${variable} = loaded.${name}; export { ${variable} as ${name} };`;
