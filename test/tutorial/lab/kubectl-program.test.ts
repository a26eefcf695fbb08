import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeQueries } from '../../../src/cluster/node-queries.js';
import { type Selection, selectionQuery, withQuery } from '../../../src/cluster/selection.js';
import { runKubectl } from '../../../src/tutorial/kubectl/kubectl.js';
import { readClusterFiles } from '../../../src/tutorial/lab/cluster-files.js';
import { kubectlProgram } from '../../../src/tutorial/lab/guest/kubectl-program.js';
import { storedObject } from '../../../src/tutorial/lab/store.js';

let folder: string;
let kubectl: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  kubectl = join(folder, 'kubectl');
  // In place of kproxy, echo prints what is left to the stand-in.
  await writeFile(kubectl, kubectlProgram({ cluster: folder, pods: folder, kproxy: '/bin/echo' }), { mode: 0o755 });
  const { objects } = await readClusterFiles();
  for (const object of objects) {
    const [name, text] = storedObject(object, 0);
    await writeFile(join(folder, name), text);
  }
  await answerOf(['apply', '-f', new URL('../../../src/tutorial/cluster/service.yaml', import.meta.url).pathname]);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the stand-in itself. */
async function answerOf(argv: readonly string[]): Promise<string> {
  let answer = '';
  const io = {
    readStdin: async () => '',
    stdout: (text: string) => {
      answer += text;
    },
    stderr: (text: string) => {
      answer += text;
    },
  };
  const environment = { KPROXY_TUTORIAL_CLUSTER: folder, KPROXY_TUTORIAL_PODS: folder };
  expect(await runKubectl(argv, { io, environment, now: () => new Date(0) })).toBe(0);
  return answer;
}

const printed = async (argv: readonly string[]): Promise<string> => (await promisify(execFile)(kubectl, argv)).stdout;

/** An API server leaves the kind of an item out. */
const withoutKinds = (text: string) => {
  const { items, ...list } = JSON.parse(text);
  return { ...list, items: items.map(({ kind: _, apiVersion: __, ...item }: Record<string, unknown>) => item) };
};

const selected = nodeQueries('inajob');

test.each<[string, Selection | undefined, number]>([
  ['/api/v1/services', undefined, 1],
  ['/api/v1/services', selected.Service, 1],
  ['/api/v1/namespaces/default/services', undefined, 1],
  ['/api/v1/namespaces/default/services', selected.Service, 1],
  ['/api/v1/endpoints', undefined, 0],
  ['/api/v1/endpoints', selected.Endpoints, 0],
  ['/api/v1/nodes', undefined, 2],
  ['/api/v1/nodes', selected.Node, 1],
  ['/api/v1/nodes', nodeQueries('nobody').Node, 0],
  ['/apis/discovery.k8s.io/v1/endpointslices', undefined, 0],
  ['/apis/discovery.k8s.io/v1/endpointslices', selected.EndpointSlice, 0],
])('the list of %s that %o selects is that of the stand-in, without starting it', async (path, selection, count) => {
  const query = withQuery(path, { limit: 2500, ...selectionQuery(selection) });
  const argv = ['--request-timeout=30000ms', 'get', '--raw', query];
  const list = withoutKinds(await printed(argv));
  expect(list.items).toHaveLength(count);
  expect(list).toEqual(withoutKinds(await answerOf(argv)));
});

test('the namespace of the context is that of the stand-in', async () => {
  const argv = ['--request-timeout=30000ms', 'config', 'view', '--minify', '-o', 'jsonpath={..namespace}'];
  expect(await printed(argv)).toBe(await answerOf(argv));
});

test.each([
  ['--request-timeout=30000ms', 'get', '--raw', '/api/v1/namespaces/default/pods?limit=2500'],
  ['--request-timeout=30000ms', 'get', '--raw', '/api/v1/namespaces/other/services?limit=2500'],
  ['--request-timeout=30000ms', 'get', '--raw', '/api/v1/services?limit=2500&labelSelector=app%3Dweb'],
  ['get', 'service', 'web service', '-o', 'yaml'],
])('everything else goes to the stand-in: %s %s %s %s', async (...argv) => {
  expect(await printed(argv)).toBe(`tutorial-kubectl ${argv.join(' ')}\n`);
});
