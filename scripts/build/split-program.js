// Bundles the program in as many files as it loads at a time: what is common to all commands, what a sync needs besides, and the rest, each by itself.
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';

/** What every sync loads late. Each file takes a tenth of a millisecond to open and read: together they take one. */
const syncModules = [
  'src/cluster/run-kubectl.ts',
  'src/commands/sync.ts',
  'src/proxy/configuration/proxy-options.ts',
  'src/shell/lock.ts',
  'src/shell/other-proxies.ts',
  'src/shell/run.ts',
];

/** @param {string} outdir for program.js and the files beside it; src/load-program.ts reads them */
export async function splitProgram(outdir) {
  const { outputFiles, metafile } = await build({
    entryPoints: { program: 'src/cli.ts' },
    bundle: true,
    splitting: true,
    // Files that are imported late are split off only from ECMAScript modules.
    format: 'esm',
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    keepNames: true,
    charset: 'ascii',
    minifySyntax: true,
    outdir,
    write: false,
    metafile: true,
  });
  const modules = new Map(
    await Promise.all(outputFiles.map(async ({ path, text }) => [basename(path), await commonJs(text)])),
  );
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const program = closureOf(outputs, ['program.js']);
  const entries = [...outputs].filter(([, { entryPoint }]) => syncModules.includes(entryPoint)).map(([name]) => name);
  if (entries.length < syncModules.length) throw new Error(`not loaded late: one of ${syncModules.join(', ')}`);
  const sync = closureOf(outputs, entries).filter(name => !program.includes(name));
  const others = [...modules.keys()].filter(name => !program.includes(name) && !sync.includes(name));
  const files = [['program.js', program], ['sync.js', sync], ...others.map(name => [name, [name]])];
  for (const [file, names] of files)
    await writeFile(join(outdir, file), fileOf(names, modules, file === 'program.js' ? sync : []));
}

/** The modules, and all that they import at once. */
function closureOf(outputs, entries) {
  const found = new Set(entries);
  for (const name of found)
    for (const { path, kind } of outputs.get(name)?.imports ?? [])
      if (kind === 'import-statement' && outputs.has(basename(path))) found.add(basename(path));
  return [...found];
}

const commonJs = async text => {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    charset: 'ascii',
    minify: true,
    // What is imported late is required late.
    supported: { 'dynamic-import': false },
  });
  return code;
};

/** An expression: the modules' functions, and where those are that are in another file than the one with their name. */
function fileOf(names, modules, inSync) {
  const functions = names.map(name => `${JSON.stringify(`./${name}`)}(module,exports,require){${modules.get(name)}}`);
  const elsewhere = Object.fromEntries(inSync.map(name => [`./${name}`, './sync.js']));
  return `({modules:{${functions.join(',\n')}},elsewhere:${JSON.stringify(elsewhere)}})\n`;
}
