import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClusterStore } from '../../src/cluster/store.js';
import { createFollower } from '../../src/commands/watch/follow.js';
import { listText, serviceObject } from '../support/sample-objects.js';

let folder: string;
let close = async () => {};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const noInput = { readStdin: () => Promise.reject(new Error('this test has no standard input')) };
const web = serviceObject('web', '10.96.0.1');
const api = serviceObject('api', '10.96.0.2');

/** Follows the folder, or a file in it, and records what is reported. */
async function following(namespace?: string, path = folder) {
  const store = new ClusterStore();
  const changed: string[] = [];
  const lines: string[] = [];
  let onReport = () => {};
  const follow = createFollower({
    kinds: ['Service'],
    optional: [],
    namespace,
    from: [path],
    kubectl: {},
    io: noInput,
  });
  const feed = await follow(
    store,
    changes => {
      changed.push(...changes.map(({ before, after }) => (after ?? before)?.metadata.name ?? ''));
      onReport();
    },
    line => {
      lines.push(line);
      onReport();
    },
    new AbortController().signal,
  );
  close = feed.close;
  return {
    store,
    changed,
    lines,
    /** Waits until a report makes the condition true. */
    until: (condition: () => boolean) =>
      new Promise<void>(resolve => {
        onReport = () => {
          if (condition()) resolve();
        };
        onReport();
      }),
  };
}

/** Replaces a file atomically, as editors and kubectl do. */
function write(name: string, text: string): void {
  writeFileSync(join(folder, 'new'), text);
  renameSync(join(folder, 'new'), join(folder, name));
}

test('the store gets all objects first, and then every change is reported', async () => {
  write('a.json', listText(web));
  const { store, changed, until, lines } = await following();
  expect([...store.objects('Service').keys()]).toEqual(['default/web']);
  expect(changed).toEqual([]);
  write('b.json', listText(api));
  await until(() => changed.length === 1);
  write('a.json', listText(serviceObject('web', '10.96.0.9')));
  await until(() => changed.length === 2);
  rmSync(join(folder, 'b.json'));
  await until(() => changed.length === 3);
  expect(changed).toEqual(['api', 'web', 'api']);
  expect([...store.objects('Service').values()].map(({ spec }) => spec.clusterIP)).toEqual(['10.96.0.9']);
  expect(lines).toEqual([]);
});

test('of two readings the later one wins, however long the earlier one takes', async () => {
  write('a.json', listText(web));
  const { store, changed, until } = await following();
  const many = Array.from({ length: 3_000 }, (_, index) =>
    serviceObject(`s${index}`, `10.97.${index >> 8}.${index & 255}`),
  );
  write('a.json', listText(web, ...many));
  await until(() => changed.length > 0);
  write('a.json', listText(api));
  await until(() => store.objects('Service').size === 1);
  expect([...store.objects('Service').keys()]).toEqual(['default/api']);
});

test('a file that cannot be parsed is reported, and the last good read still counts', async () => {
  write('a.json', listText(web));
  const { store, lines, changed, until } = await following();
  write('a.json', '{"half');
  await until(() => lines.length > 0);
  expect(lines[0]).toMatch(/a\.json: .*; the last good read still counts$/);
  expect([...store.objects('Service').keys()]).toEqual(['default/web']);
  write('a.json', listText(web, api));
  await until(() => changed.length > 0);
  expect(changed).toEqual(['api']);
});

test('a file that nests lists without end is reported, and does not end the watch', async () => {
  write('a.json', listText(web));
  const { store, lines, changed, until } = await following();
  write('evil.json', '{"apiVersion":"v1","kind":"List","items":['.repeat(3_000) + ']}'.repeat(3_000));
  await until(() => lines.length > 0);
  expect(lines[0]).toMatch(/evil\.json: more than 10 Lists are nested in each other; the last good read still counts$/);
  expect([...store.objects('Service').keys()]).toEqual(['default/web']);
  write('evil.json', listText(api));
  await until(() => changed.length > 0);
  expect(changed).toEqual(['api']);
});

test('a failure of kproxy itself is reported, and does not end the watch', async () => {
  write('a.json', listText(web));
  const { store, lines, changed, until } = await following();
  const { replaceAll } = store;
  store.replaceAll = () => {
    throw new RangeError('Maximum call stack size exceeded');
  };
  write('b.json', listText(api));
  await until(() => lines.length > 0);
  expect(lines[0]).toBe('Maximum call stack size exceeded; the last good read still counts');
  store.replaceAll = replaceAll;
  write('a.json', listText(serviceObject('web', '10.96.0.9')));
  await until(() => changed.length > 1);
  expect(changed.toSorted()).toEqual(['api', 'web']);
});

test('if a namespace is given, only its objects are read', async () => {
  const far = { ...api, metadata: { name: 'far', namespace: 'other' } };
  write('a.json', listText(web, far));
  const { store } = await following('other');
  expect([...store.objects('Service').keys()]).toEqual(['other/far']);
});

test('a file that does not exist at the start is an error', async () => {
  await expect(following(undefined, join(folder, 'none.json'))).rejects.toMatchObject({ code: 'input-unreadable' });
});
