// Bundles the program into dist/: kproxy.js starts quickly and loads program.js, which loads the rest, with the bytecode of what its commands run.
// The programs that the scripts in this folder start go to .build/, which is not part of the package.
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { writeBytecode } from './build/bytecode.js';
import { splitProgram } from './build/split-program.js';

const common = { bundle: true, platform: 'node', target: 'node20', legalComments: 'none' };

/** Built aside and then put in place, so that nobody who runs the program meanwhile finds half of it. */
async function inPlaceOf(folder, type, work) {
  const aside = await mkdtemp(`${folder}.new-`);
  await work(aside);
  // Without it the folder would work only below a package that says the same.
  await writeFile(`${aside}/package.json`, `{"type":"${type}"}\n`);
  await chmod(aside, 0o755);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
}

await inPlaceOf('.build', 'module', outdir =>
  build({
    ...common,
    splitting: true,
    format: 'esm',
    // commander is CommonJS and expects require.
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
    entryPoints: {
      demo: 'scripts/demo/main.ts',
      readme: 'scripts/readme/main.ts',
      measure: 'scripts/measure/main.ts',
      bench: 'scripts/bench/main.ts',
      'bench-guest': 'scripts/bench/guest/main.ts',
      'bench-readers': 'scripts/bench/guest/readers.ts',
      'keep-bytecode': 'scripts/build/keep-bytecode.ts',
    },
    outdir,
  }),
);

await inPlaceOf('dist', 'commonjs', async outdir => {
  await build({
    ...common,
    format: 'cjs',
    minify: true,
    charset: 'ascii',
    outdir,
    entryPoints: { kproxy: 'src/main.ts' },
  });
  await splitProgram(common, outdir);
  await chmod(`${outdir}/kproxy.js`, 0o755);
  await writeBytecode('.build/keep-bytecode.js', outdir);
});
