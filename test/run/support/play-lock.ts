import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface LockScenarios {
  /** Plays a scenario in its own namespaces (network, mount, and user unless root), with an empty /run. */
  play(name: string): unknown;
  /** Removes the bundle. */
  remove(): void;
}

/** Bundles the scenarios into a folder with a sudo that needs no password. */
export async function lockScenarios(): Promise<LockScenarios> {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  const program = join(folder, 'scenarios.mjs');
  const entryPoint = fileURLToPath(new URL('./lock-scenarios.ts', import.meta.url));
  await build({
    entryPoints: [entryPoint],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  writeFileSync(join(folder, 'sudo'), '#!/bin/sh\nexec "$@"\n');
  chmodSync(join(folder, 'sudo'), 0o755);
  const namespaces = process.getuid?.() === 0 ? ['-nm'] : ['-nm', '--map-root-user'];
  const inside = 'mount -t tmpfs tmpfs /run && exec "$@"';
  return {
    play: name => {
      const argv = [...namespaces, '--', 'sh', '-c', inside, 'sh', process.execPath, program, name];
      return JSON.parse(execFileSync('unshare', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
