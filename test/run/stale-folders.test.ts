import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeStaleFolders } from '../../src/run/stale-folders.js';

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

const old = new Date(Date.now() - 2 * 3_600_000);
const folder = (name: string): string => {
  mkdirSync(join(temporary, name));
  return join(temporary, name);
};
const makeOld = (name: string) => utimesSync(join(temporary, name), old, old);
const left = () => readdirSync(temporary).sort();
const remove = () => removeStaleFolders([temporary]);

test('folders of killed runs are removed, with the files that kproxy makes in them', async () => {
  // Killed before kubectl had made its socket, or between making a folder and removing it.
  for (const name of ['kproxy-api-killed', 'kproxy-tool-aBc123', 'kproxy-tool-withOn']) folder(name);
  writeFileSync(join(temporary, 'kproxy-tool-withOn', 'file'), 'half');
  for (const name of left()) makeOld(name);
  // A process that is killed leaves its socket behind.
  const stale = join(folder('kproxy-api-stale1'), 'api.sock');
  const killItself = `process.kill(process.pid, 'SIGKILL')`;
  const script = `require('net').createServer().listen(${JSON.stringify(stale)}, () => ${killItself})`;
  await once(spawn(process.execPath, ['-e', script]), 'exit');
  await remove();
  expect(left()).toEqual([]);
});

test('folders in use, new ones, links, and those of other names stay', async () => {
  const used = join(folder('kproxy-api-used01'), 'api.sock');
  folder('kproxy-api-begins');
  for (const name of ['other-api-folder', 'kproxy-backup', 'kproxy-config', 'kproxy-api-backup-of-may']) {
    folder(name);
    makeOld(name);
  }
  symlinkSync(join(temporary, 'other-api-folder'), join(temporary, 'kproxy-api-linked'));
  lutimesSync(join(temporary, 'kproxy-api-linked'), old, old);
  const listener = createServer().listen(used);
  await once(listener, 'listening');
  const before = left();
  await remove();
  listener.close();
  expect(left()).toEqual(before);
});

test('a folder with files that kproxy does not make stays, with these files', async () => {
  writeFileSync(join(folder('kproxy-tool-abcdef'), 'data'), 'precious');
  makeOld('kproxy-tool-abcdef');
  await remove();
  expect(readdirSync(join(temporary, 'kproxy-tool-abcdef'))).toEqual(['data']);
});
