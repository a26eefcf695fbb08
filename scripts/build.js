// Bundles the program into dist/: kproxy.js starts quickly and loads the parts of the program that a command needs.
// Bundles the programs that the scripts start into .build/, which is not part of the package.
import { createHash } from 'node:crypto';
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { recordBytecode } from './build/bytecode.js';
import { licensesFile, licensesText, packageFolders } from './build/licenses.js';
import { buildParts } from './build/parts.js';

const common = { bundle: true, platform: 'node', target: 'node20', legalComments: 'none' };

/** Builds into a temporary folder and renames it, so that a program started meanwhile finds either build whole. */
async function replaceFolder(folder, type, buildInto) {
  const temporary = await mkdtemp(`${folder}.new-`);
  await buildInto(temporary);
  // Without a package.json of its own the folder works only inside a package of the same type.
  await writeFile(`${temporary}/package.json`, `{"type":"${type}"}\n`);
  await chmod(temporary, 0o755);
  await rm(folder, { recursive: true, force: true });
  await rename(temporary, folder);
}

/** Returns a name for the content of a folder. */
async function idOf(folder) {
  const hash = createHash('sha256');
  for (const file of (await readdir(folder)).sort()) hash.update(await readFile(`${folder}/${file}`));
  return hash.digest('hex').slice(0, 12);
}

await replaceFolder('.build', 'module', outdir =>
  build({
    ...common,
    splitting: true,
    format: 'esm',
    // commander is CommonJS and needs require; the loader of the program needs it too.
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
    entryPoints: {
      readme: 'scripts/readme/main.ts',
      'record-lesson': 'scripts/record-lesson/main.ts',
      bench: 'scripts/bench/main.ts',
      'bench-guest': 'scripts/bench/guest/main.ts',
      'bench-readers': 'scripts/bench/guest/readers.ts',
      'bench-api': 'scripts/bench-api/main.ts',
      'bench-api-guest': 'scripts/bench-api/guest/main.ts',
      'record-bytecode': 'scripts/build/record-bytecode.ts',
    },
    outdir,
  }),
);

await replaceFolder('dist', 'commonjs', async outdir => {
  const options = { ...common, format: 'cjs', charset: 'ascii', outdir };
  // Names are not shortened: a stack in a bug report shows them.
  const modules = await buildParts({ ...options, minifyWhitespace: true, minifySyntax: true });
  const id = await idOf(outdir);
  const define = { BUILD_ID: JSON.stringify(id) };
  const entryPoints = { kproxy: 'src/main.ts' };
  const { inputs } = (await build({ ...options, define, minify: true, metafile: true, entryPoints })).metafile;
  await chmod(`${outdir}/kproxy.js`, 0o755);
  // What the lesson reads, found by src/tutorial/lab/program-folder.ts.
  for (const folder of ['cluster', 'recorded'])
    await cp(`src/tutorial/${folder}`, `${outdir}/${folder}`, { recursive: true });
  const folders = packageFolders([...modules, ...Object.keys(inputs)]);
  await writeFile(`${outdir}/${licensesFile}`, await licensesText(folders));
  await recordBytecode('.build/record-bytecode.js', outdir, id);
});
