import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const kproxy = fileURLToPath(new URL('../../dist/kproxy.js', import.meta.url));
const setting = '/proc/self/coredump_filter';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.skipIf(!existsSync(setting))('kubectl dumps no memory if kproxy starts it, and does otherwise', async () => {
  const kubectl = join(folder, 'kubectl');
  await writeFile(kubectl, `#!/bin/sh\necho "dumps $(cat ${setting})" >&2\nexit 1\n`, { mode: 0o755 });
  const stderrOf = (...argv: readonly string[]) =>
    spawnSync('/bin/sh', ['-c', `echo 0x33 >${setting}; exec "$@"`, 'sh', ...argv], { encoding: 'utf8' }).stderr;
  expect(stderrOf(kubectl)).toBe('dumps 00000033\n');
  expect(stderrOf(process.execPath, kproxy, 'endpoints', '-A', '--tool-path', folder)).toContain('dumps 00000000\n');
});
