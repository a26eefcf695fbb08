// Bundles the program in as many files as it loads at a time: what is common to all commands, what a sync needs besides, and the rest, each by itself.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** What every sync loads late. A file of its own for each of the modules that they need would take a sync longer than all that it need not load. */
const syncModules = [
  'src/cluster/run-kubectl.ts',
  'src/commands/sync.ts',
  'src/proxy/configuration/proxy-options.ts',
  'src/shell/lock.ts',
  'src/shell/other-proxies.ts',
  'src/shell/run.ts',
];

/**
 * @param common esbuild's options for whatever is bundled here
 * @param {string} outdir for program.js and the files beside it; src/load-program.ts reads them
 */
export async function splitProgram(common, outdir) {
  const options = { ...common, charset: 'ascii' };
  const folder = await mkdtemp(join(outdir, 'modules-'));
  try {
    const modules = await writeModules(options, folder);
    // Without it they would be taken for modules of Node's, which see a CommonJS module in whatever they import.
    await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}');
    const program = withImports(modules, ['program.js']);
    const late = [...modules].filter(([, { entryPoint }]) => syncModules.includes(entryPoint)).map(([name]) => name);
    if (late.length < syncModules.length) throw new Error(`one of these is not loaded late: ${syncModules.join(', ')}`);
    const sync = withImports(modules, late).filter(name => !program.includes(name));
    const others = [...modules.keys()].filter(name => !program.includes(name) && !sync.includes(name));
    await writeFileWith(options, program, join(outdir, 'program.js'), folder, sync);
    await writeFileWith(options, sync, join(outdir, 'sync.js'), folder);
    for (const name of others) await writeFileWith(options, [name], join(outdir, name), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The program as ECMAScript modules: esbuild splits off what is imported late, and what several need of that, from no others. */
async function writeModules(options, outdir) {
  const { metafile } = await build({
    ...options,
    entryPoints: { program: 'src/cli.ts' },
    splitting: true,
    format: 'esm',
    outdir,
    metafile: true,
  });
  return new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
}

/** The modules, and all that they import at once. */
function withImports(modules, names) {
  const found = new Set(names);
  for (const name of found)
    for (const { path, kind } of modules.get(name).imports)
      if (kind === 'import-statement' && modules.has(basename(path))) found.add(basename(path));
  return [...found];
}

/** One expression, a function like that of a CommonJS module: it exports each of its modules by its name, and in which file other modules are. */
async function writeFileWith(options, names, outfile, resolveDir, inSync = []) {
  const files = Object.fromEntries(inSync.map(name => [`./${name}`, './sync.js']));
  const lines = names.map(name => `export * as "./${name}" from "./${name}";`);
  await build({
    ...options,
    stdin: { contents: [...lines, `export const files = ${JSON.stringify(files)};`].join('\n'), resolveDir },
    outfile,
    format: 'cjs',
    // Names stay, for the stacks that a bug leaves: kept as texts beside shorter ones they took a twentieth of the time that loading a sync takes.
    minifyWhitespace: true,
    minifySyntax: true,
    // What is imported late is required late.
    supported: { 'dynamic-import': false },
    plugins: [elsewhere(names)],
    banner: { js: '(function (module, exports, require) {' },
    footer: { js: '})' },
  });
}

/** Leaves the modules that are in other files to src/load-program.ts. */
const elsewhere = names => ({
  name: 'elsewhere',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\// }, ({ path }) =>
      names.includes(basename(path)) ? undefined : { path, external: true },
    ),
});
