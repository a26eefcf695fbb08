// Bundles the program into dist/: one file that starts quickly, and further ones that are loaded only by the commands that need them.
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { kproxy: 'src/main.ts' },
  outdir: 'dist',
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
  minify: true,
  keepNames: true,
});
await chmod('dist/kproxy.js', 0o755);
