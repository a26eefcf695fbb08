import { spawnSync } from 'node:child_process';
import type { Figure } from '../../shared/figures.js';

const script = 'scripts/test.sh';

/** Runs all tests on this machine. Packages and build are up to date then, so that only checking them is measured. */
export async function measureTests(): Promise<readonly Figure[]> {
  const start = performance.now();
  const { status, stdout } = spawnSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const seconds = (performance.now() - start) / 1_000;
  const lastLine = stdout.trimEnd().split('\n').at(-1);
  return [{ size: '', name: script, value: seconds, unit: 's', note: `exit code ${status}: ${lastLine}` }];
}
