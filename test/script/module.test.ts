import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { fakeNode } from '../support/fake-node/index.js';
import { sync } from '../support/run-sync.js';
import { Recorder } from './support/recorder.js';

const recorder = new Recorder();
afterAll(() => recorder.close());

/** What a script starts until its first kernel parameter. The tools fail all checks, or find everything. */
async function started(script: 'steps' | 'batch', finds: readonly string[] | undefined): Promise<readonly string[]> {
  const { stdout } = await sync(fakeNode(), { dryRun: true, full: true, script });
  return recorder.run(stdout, finds).recorded.map(({ argv }) => argv.join(' '));
}

describe.each(['steps', 'batch'] as const)('a script of %s from nothing', script => {
  test('loads ip_vs if it is not there', async () => {
    const commands = await started(script, undefined);
    expect(commands).toContain('modprobe ip_vs');
    expect(commands.indexOf('ls /proc/net/ip_vs')).toBe(commands.indexOf('modprobe ip_vs') - 1);
  });

  test('loads no module if ip_vs is loaded or built in, because there may be none to load', async () => {
    expect(await started(script, [])).not.toContain('modprobe ip_vs');
  });

  test('looks for it without sudo, which may allow only the tools', async () => {
    const { stdout } = await sync(fakeNode(), { dryRun: true, full: true, script, sudo: true });
    expect(stdout).toContain('\nls /proc/net/ip_vs >/dev/null 2>&1 ||\n  sudo modprobe ip_vs\n');
    expect(spawnSync('sh', ['-n'], { input: stdout }).status).toBe(0);
  });
});
