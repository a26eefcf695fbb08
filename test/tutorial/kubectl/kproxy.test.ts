import { expect, test } from 'vitest';
import { currentContext, currentNamespace } from '../../../src/cluster/context.js';
import { kindNames } from '../../../src/cluster/kinds.js';
import { readClusterWithKubectl } from '../../../src/cluster/kubectl.js';
import { runEndpoints } from '../../../src/commands/endpoints.js';
import { outcomeOf } from '../../support/run-command.js';
import { lessonObjects, useLessonCluster, webService } from './support/lesson-cluster.js';

const cluster = useLessonCluster();

async function begin() {
  for (const object of lessonObjects) cluster().write(object);
  await cluster().answer('apply -f -', webService);
}

const read = () => readClusterWithKubectl(cluster().kubectl, { kinds: kindNames });

test('kproxy reads every object of the lesson, and none is invalid', async () => {
  await begin();
  const { services, pods, nodes, endpoints, endpointSlices, invalid } = await read();
  const names = [services, pods, nodes].map(objects => objects.map(({ metadata }) => metadata.name));
  expect(names).toEqual([['web-service'], ['client-inajob', 'web-inajob', 'web-yuanying'], ['inajob', 'yuanying']]);
  expect([endpoints, endpointSlices, invalid]).toEqual([[], [], []]);
});

test('kproxy finds out the namespace and the context', async () => {
  expect(await currentNamespace(cluster().kubectl)).toBe('default');
  expect(await currentContext(cluster().kubectl)).toBe('lesson');
});

test('a namespace that does not exist is reported as missing', async () => {
  await expect(
    readClusterWithKubectl(cluster().kubectl, { kinds: ['Service'], namespace: 'other' }),
  ).rejects.toMatchObject({ code: 'namespace-missing' });
});

/** Runs `kproxy endpoints`. */
async function runController(): Promise<string> {
  const { kubectl } = cluster();
  const options = { services: ['web-service'], allNamespaces: false, namespace: undefined, output: undefined };
  const outcome = await outcomeOf(io =>
    runEndpoints({ ...options, from: [], dryRun: false, write: false, kubectl, kubectlArguments: [] }, io),
  );
  return `${outcome.stdout}${outcome.stderr}`;
}

test('the endpoint controller writes the Endpoints object, and follows the labels', async () => {
  await begin();
  const shown = () => cluster().answer('get endpoints web-service --no-headers');
  expect(await runController()).toBe('endpoints/web-service created\n');
  expect(await shown()).toBe('web-service   10.244.1.3:8080,10.244.2.2:8080   0s\n');
  expect(await runController()).toBe('endpoints/web-service unchanged\n');
  await cluster().answer('label pod web-yuanying app=wbe --overwrite');
  expect(await shown()).toBe('web-service   10.244.1.3:8080,10.244.2.2:8080   0s\n');
  expect(await runController()).toBe('endpoints/web-service configured\n');
  expect(await shown()).toBe('web-service   10.244.1.3:8080   0s\n');
  expect((await read()).invalid).toEqual([]);
});

test('the endpoint controller removes labels and annotations that an object must not have', async () => {
  await begin();
  await runController();
  await cluster().answer('label endpoints web-service color=red');
  await cluster().answer('annotate endpoints web-service endpoints.kubernetes.io/over-capacity=truncated');
  expect(await runController()).toBe('endpoints/web-service replaced\n');
  const [stored] = (await read()).endpoints;
  expect(stored?.metadata.labels).toEqual({ 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
  expect(stored?.metadata.annotations ?? {}).toEqual({});
});
