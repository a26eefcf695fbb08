import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lessonObjects, useLessonCluster, webService } from './support/lesson-cluster.js';

const cluster = useLessonCluster();

test('each object is a file, with what the API server fills in', async () => {
  await cluster().answer('apply -f -', webService);
  const { 'service.web-service.json': stored } = cluster().files() as Record<
    string,
    { metadata: object; spec: object }
  >;
  expect(stored?.spec).toEqual({
    clusterIP: '10.254.10.128',
    clusterIPs: ['10.254.10.128'],
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }],
    selector: { app: 'web' },
    sessionAffinity: 'None',
    type: 'ClusterIP',
  });
  expect(stored?.metadata).toMatchObject({
    name: 'web-service',
    namespace: 'default',
    creationTimestamp: '2026-11-30T12:00:00Z',
    uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    resourceVersion: '2',
  });
});

test('an object that was written without a time has that of its file', async () => {
  cluster().write({ kind: 'Pod', metadata: { name: 'bare' } });
  const time = new Date('2026-11-30T11:00:00Z');
  utimesSync(join(cluster().folder, 'pod.bare.json'), time, time);
  expect(await cluster().answer('get pod bare')).toBe(
    `NAME   READY   STATUS    RESTARTS   AGE\nbare   0/0     Unknown   0          60m\n`,
  );
});

test('every change has the next resource version, and that of the list is the last one', async () => {
  for (const object of lessonObjects) cluster().write(object);
  await cluster().answer('apply -f -', webService);
  await cluster().answer('label pod web-inajob color=red');
  await cluster().answer('label pod web-inajob color=red');
  await cluster().answer('delete pod web-yuanying');
  const { metadata, items } = JSON.parse(await cluster().answer('get --raw /api/v1/pods'));
  expect([metadata, items.map((item: { metadata: object }) => item.metadata)]).toMatchObject([
    { resourceVersion: '4' },
    [
      { name: 'client-inajob', resourceVersion: '1' },
      { name: 'web-inajob', resourceVersion: '3' },
    ],
  ]);
});

test('nothing but objects, the version and no lock is left in the folder', async () => {
  await cluster().answer('apply -f -', webService);
  expect(readdirSync(cluster().folder).sort()).toEqual(['.resource-version', 'service.web-service.json']);
});

test('the lock of a process that was killed is taken over', async () => {
  const { pid } = spawnSync('true');
  writeFileSync(join(cluster().folder, '.lock'), String(pid));
  expect(await cluster().answer('apply -f -', webService)).toBe('service/web-service created\n');
  expect(readdirSync(cluster().folder)).not.toContain('.lock');
});

test('the lock of a living process is waited for, and the wait has a limit', async () => {
  const lock = join(cluster().folder, '.lock');
  writeFileSync(lock, String(process.pid));
  const answer = await cluster().answer('apply -f -', webService);
  expect(answer).toBe(`error: another kubectl has held ${lock} for 5 s\nexit code 1`);
  expect(readFileSync(lock, 'utf8')).toBe(String(process.pid));
});

test('a name cannot lead out of the folder', async () => {
  writeFileSync(join(cluster().folder, '..', 'secret.json'), '{}');
  expect(await cluster().answer('get pod ../../secret')).toContain('error');
  const answer = await cluster().kubectl(['get', '--raw', '/api/v1/namespaces/default/pods/x%2F..%2F..%2Fsecret']);
  expect(answer.stderr).toBe('Error from server (NotFound): pods "x/../../secret" not found\n');
});

test('a file that is no object is named', async () => {
  writeFileSync(join(cluster().folder, 'pod.broken.json'), '{');
  expect(await cluster().answer('get pod')).toContain(`${cluster().folder}/pod.broken.json cannot be read`);
});
