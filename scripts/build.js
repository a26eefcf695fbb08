// Bundles the program into dist/: one file that starts quickly, and further ones that are loaded only by the commands that need them.
// The programs that the scripts in this folder start go to .build/, which is not part of the package.
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const common = {
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // commander is CommonJS and expects require.
  banner: {
    js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
  },
  legalComments: 'none',
};

/** Built aside and then put in place, so that nobody who runs the program meanwhile finds half of it. */
async function bundle(folder, options) {
  const aside = await mkdtemp('dist.new-');
  await build({ ...common, ...options, outdir: aside });
  for (const name of Object.keys(options.entryPoints)) await chmod(`${aside}/${name}.js`, 0o755);
  // Without it the folder would work only below a package that says the same.
  await writeFile(`${aside}/package.json`, '{"type":"module"}\n');
  await chmod(aside, 0o755);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
}

await bundle('dist', { entryPoints: { kproxy: 'src/main.ts' }, minify: true, keepNames: true });
await bundle('.build', {
  entryPoints: {
    demo: 'scripts/demo/main.ts',
    readme: 'scripts/readme/main.ts',
    measure: 'scripts/measure/main.ts',
    bench: 'scripts/bench/main.ts',
    'bench-guest': 'scripts/bench/guest/main.ts',
  },
});
