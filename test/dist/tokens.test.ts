import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const kproxy = fileURLToPath(new URL('../../dist/kproxy.js', import.meta.url));
const token = 'token-that-must-not-be-seen';

let folder: string;
let seen: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  seen = join(folder, 'seen');
  mkdirSync(seen);
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Writes programs that note what other users could read of them, of what started them and of their environment, and
 * fail.
 */
function writePrograms(names: readonly string[]): string {
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  for (const name of names) {
    const lines = [
      '#!/bin/sh',
      `cat /proc/$$/cmdline /proc/$PPID/cmdline >>'${seen}/${name}.cmdline'`,
      `cat /proc/$$/environ >>'${seen}/${name}.environ'`,
      'exit 1',
    ];
    writeFileSync(join(programs, name), `${lines.join('\n')}\n`, { mode: 0o755 });
  }
  return programs;
}

const tools = ['ipset', 'iptables-save', 'ip6tables-save', 'ip', 'ipvsadm', 'conntrack'];

test('a token of a kubeconfig is in no command line, and neither it nor its file reaches the tools', () => {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, `users:\n- name: me\n  user:\n    token: ${token}\n`);
  const programs = writePrograms([...tools, 'kubectl']);
  for (const argv of [
    ['diff', '--no-sudo'],
    ['sync', '--dry-run', '--no-sudo', '--node', 'n'],
    ['snapshot', '--no-sudo'],
  ])
    spawnSync(process.execPath, [kproxy, ...argv, '--tool-path', programs], {
      env: { ...process.env, KUBECONFIG: kubeconfig, SECRET: token },
      timeout: 30_000,
    });
  const files = readdirSync(seen);
  // kubectl gets the environment, because the plugins that log in need it. Some tools are only started on success.
  expect(files).toEqual(expect.arrayContaining(['kubectl.cmdline', 'kubectl.environ', 'ip.environ']));
  const telling = files.filter(name => {
    const text = readFileSync(join(seen, name), 'utf8');
    return text.includes(token) || (name !== 'kubectl.environ' && text.includes('KUBECONFIG'));
  });
  expect(telling).toEqual(['kubectl.environ']);
});
