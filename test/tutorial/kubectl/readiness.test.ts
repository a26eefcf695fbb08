import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lessonObjects, useLessonCluster } from './support/lesson-cluster.js';

const cluster = useLessonCluster();

function begin(pids: Readonly<Record<string, number | string>>) {
  for (const object of lessonObjects) cluster().write(object);
  for (const [pod, pid] of Object.entries(pids)) writeFileSync(join(cluster().pods, `${pod}.pid`), `${pid}\n`);
}

test('a Pod is ready as long as the process of its server lives', async () => {
  const server = spawn('sleep', ['60']);
  begin({ 'web-yuanying': server.pid ?? 0, 'web-inajob': process.pid });
  const all = `NAME            READY   STATUS    RESTARTS   AGE
client-inajob   1/1     Running   0          5m
web-inajob      1/1     Running   0          5m
web-yuanying    1/1     Running   0          5m
`;
  expect(await cluster().answer('get pods')).toBe(all);
  server.kill();
  await once(server, 'exit');
  expect(await cluster().answer('get pods')).toBe(all.replace('web-yuanying    1/1', 'web-yuanying    0/1'));
});

const jsonpath = '-o jsonpath={.items[*].status.conditions[0].status}';

test('a process that has ended and is not reaped yet does not count', async () => {
  // The shell's child has ended; the program that replaces the shell does not wait for it.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60']);
  const [pid] = await once(parent.stdout, 'data');
  begin({ 'web-yuanying': String(pid).trim() });
  try {
    await expect.poll(() => cluster().answer(`get pod ${jsonpath}`)).toBe('True True False');
  } finally {
    parent.kill();
    await once(parent, 'exit');
  }
});

test('a Pod without a file, or with one that has no number, keeps its condition or is not ready', async () => {
  begin({ 'web-yuanying': 'nonsense' });
  expect(await cluster().answer(`get pod ${jsonpath}`)).toBe('True True False');
});

test('the condition is the same in all answers, and it says what is missing', async () => {
  begin({ 'web-yuanying': '0' });
  const condition = {
    type: 'Ready',
    status: 'False',
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [web]',
  };
  const path = '/api/v1/namespaces/default/pods/web-yuanying';
  const raw = JSON.parse(await cluster().answer(`get --raw ${path}`));
  const shown = JSON.parse(await cluster().answer('get pod web-yuanying -o json'));
  expect([raw.status.conditions, shown.status.conditions]).toEqual([[condition], [condition]]);
  expect(await cluster().answer('describe pod web-yuanying')).toMatch(/^ {4}Ready: {2}False$/m);
});
