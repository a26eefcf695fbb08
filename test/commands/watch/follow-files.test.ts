import { renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ClusterStore } from '../../../src/cluster/store.js';
import { filesFollower } from '../../../src/commands/watch/follow-files.js';
import { limitOpenFiles } from '../../support/limit-open-files.js';
import { listText, serviceObject } from '../../support/sample-objects.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const until = (condition: () => boolean) => vi.waitUntil(condition, { interval: 5, timeout: 30_000 });

async function follow() {
  const store = new ClusterStore();
  const lines: string[] = [];
  const io = { readStdin: async () => '' };
  const follower = filesFollower({ from: [at('cluster.json')], namespace: undefined, io }, 20);
  const onTrouble = (line: string): void => void lines.push(line.replaceAll(folder, 'FOLDER'));
  const feed = await follower(store, () => {}, onTrouble, new AbortController().signal);
  return { lines, feed, count: () => store.objects('Service').size };
}

test('files that a limit of the machine makes unreadable are read when it is over, without a change', async () => {
  writeFileSync(at('cluster.json'), listText(serviceObject('one', '10.96.0.1')));
  writeFileSync(at('next'), listText(serviceObject('one', '10.96.0.1'), serviceObject('two', '10.96.0.2')));
  const { lines, feed, count } = await follow();
  const lift = await limitOpenFiles();
  renameSync(at('next'), at('cluster.json'));
  await until(() => lines.length > 0);
  await new Promise(resolve => setTimeout(resolve, 100));
  const during = [...lines];
  await lift();
  const limit = 'FOLDER/cluster.json cannot be read: this process may not open more files (ulimit -n)';
  expect(during).toEqual([`${limit}; the last good read still counts`]);
  await until(() => count() === 2);
  expect(lines.slice(1)).toEqual([`over, the files are read again: ${limit}`]);
  await feed.close();
});

test('a file with an error is not read again before it changes', async () => {
  writeFileSync(at('cluster.json'), listText(serviceObject('one', '10.96.0.1')));
  const { lines, feed, count } = await follow();
  writeFileSync(at('cluster.json'), '{');
  await until(() => lines.length > 0);
  await new Promise(resolve => setTimeout(resolve, 100));
  expect(lines).toEqual([expect.stringMatching(/^FOLDER\/cluster\.json.*; the last good read still counts$/)]);
  expect(count()).toBe(1);
  await feed.close();
});
