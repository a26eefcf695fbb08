import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The program is one bundle, in which CommonJS modules that are loaded late look different from what Node makes of them. */
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-metrics-'));
  await build({
    entryPoints: [join(import.meta.dirname, '../../src/health/metrics.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('metrics work in a bundle', async () => {
  const bundled: typeof import('../../src/health/metrics.js') = await import(
    pathToFileURL(join(folder, 'metrics.mjs')).href
  );
  const metrics = await bundled.openMetrics({ now: () => new Date() });
  metrics.probed('livez', 200);
  const text = await metrics.text();
  expect(text).toContain('kubeproxy_proxy_livez_total{code="200"} 1\n');
  expect(text).toContain('process_resident_memory_bytes ');
});
