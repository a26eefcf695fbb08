import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { useToolPath } from '../../src/run/tool-path.js';
import { createSystemdNotify } from '../../src/service-manager/systemd-notify.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => {
  useToolPath([]);
  rmSync(folder, { recursive: true, force: true });
});

/** Makes this script the only systemd-notify. It finds `cat` and the like by their paths. */
function useProgram(script: string): void {
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  useToolPath([], [folder]);
}

test('each assignment is an argument, and the socket is in the environment', async () => {
  useProgram(`printf '%s\\n' "$NOTIFY_SOCKET" "$@" >${join(folder, 'seen')}`);
  const notify = createSystemdNotify('@/run/manager');
  expect(await notify(['READY=1', 'STATUS=synced: "$(id)"; 3 Services'])).toBeUndefined();
  expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe(
    '@/run/manager\n--\nREADY=1\nSTATUS=synced: "$(id)"; 3 Services\n',
  );
});

test('a program that fails is named with its words', async () => {
  useProgram('echo "No status data could be sent" >&2; exit 1');
  expect(await createSystemdNotify('@manager')(['READY=1'])).toBe(
    'the service manager cannot be notified: systemd-notify failed: No status data could be sent. Check ' +
      'NotifyAccess= of the unit, or set Type=exec in it',
  );
});

test('a service manager that confirms nothing is no reason to change the unit', async () => {
  useProgram('echo "Failed to invoke barrier: Connection timed out" >&2; exit 1');
  expect(await createSystemdNotify('@manager')(['READY=1'])).toBe(
    'the service manager does not confirm messages, so each takes 5 s: systemd-notify failed: Failed to invoke ' +
      'barrier: Connection timed out',
  );
});

test('a program that Node refuses to start is named', async () => {
  useProgram('exit 0');
  expect(await createSystemdNotify('@manager')(['STATUS=\0'])).toMatch(
    /^the service manager cannot be notified: systemd-notify failed: /,
  );
});

test('a program that is missing is named, with what to do', async () => {
  useToolPath([], [folder]);
  expect(await createSystemdNotify('@manager')(['READY=1'])).toBe(
    `the service manager cannot be notified: systemd-notify is not installed (not found in ${folder}). Install it, ` +
      'or set Type=exec in the unit',
  );
});
