import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Cluster } from '../../src/cluster/cluster.js';
import { type ReadFilesOptions, readClusterFiles } from '../../src/cluster/files.js';
import { KproxyError } from '../../src/errors.js';
import { listOf, pod, service } from './objects-for-tests.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const noStdin = () => Promise.reject(new Error('stdin was read'));
const fromStdin = (text: string, options?: ReadFilesOptions) => readClusterFiles(['-'], async () => text, options);

async function errorOf(promise: Promise<unknown>): Promise<KproxyError> {
  const error: unknown = await promise.then(() => undefined).catch(reason => reason);
  if (!(error instanceof KproxyError)) throw new Error(`not a KproxyError: ${String(error)}`);
  return error;
}

const names = ({ services, pods, nodes }: Cluster) =>
  [...services, ...pods, ...nodes].map(({ metadata }) => metadata.name);
const web = service('web');
const json = JSON.stringify;

/** Returns a YAML list with ten aliases of the first letter's list, under the second letter. */
const tenTimes = ([from = '', to = '']: string): string => `${to}: &${to} [${`*${from},`.repeat(10)}]`;

describe('all formats of objects are read', () => {
  const typedList = { apiVersion: 'v1', kind: 'ServiceList', items: [{ metadata: web.metadata, spec: web.spec }] };
  test.each([
    ['one JSON object', json(web), ['web']],
    ['one YAML object', stringify(web), ['web']],
    ['a List', json(listOf(web, pod('a', '10.244.1.3'))), ['web', 'a']],
    ['a List in a List', json(listOf(listOf(web))), ['web']],
    ['a typed list, whose items have no kind', json(typedList), ['web']],
    [
      'several YAML documents, some of them empty',
      `---\n${stringify(web)}---\n---\n${stringify(service('api'))}`,
      ['web', 'api'],
    ],
    ['several JSON documents, as jq -c writes them', `${json(web)}\n${json(service('api'))}\n`, ['web', 'api']],
    ['YAML that starts like JSON', '{kind: Node, apiVersion: v1, metadata: {name: inajob}}', ['inajob']],
    [
      'kinds that kproxy ignores, among others',
      `kind: Deployment\napiVersion: apps/v1\n---\n${stringify(web)}`,
      ['web'],
    ],
    [
      'another API’s kind of the same name',
      `${json({ ...web, apiVersion: 'serving.knative.dev/v1' })}\n${json(pod('a', '10.0.0.1'))}`,
      ['a'],
    ],
    ['an empty List', json(listOf()), []],
  ])('%s', async (_, text, expected) => {
    const cluster = await fromStdin(text);
    expect(names(cluster)).toEqual(expected);
    expect(cluster.invalid).toEqual([]);
  });

  test('a folder is read with its subfolders, in the order of the names, without other files', async () => {
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'c.yaml'), stringify(service('third')));
    writeFileSync(join(folder, 'a.json'), json(service('first')));
    writeFileSync(join(folder, 'b', 'x.yml'), stringify(service('second')));
    writeFileSync(join(folder, 'README.md'), 'no objects here');
    symlinkSync(folder, join(folder, 'b', 'loop'));
    expect(names(await readClusterFiles([folder], noStdin))).toEqual(['first', 'second', 'third']);
  });

  test('if two objects have one name the later one counts, as after kubectl apply', async () => {
    const { services } = await fromStdin(json(listOf(web, service('web', { clusterIP: '10.254.0.9' }))));
    expect(services.map(({ spec }) => spec.clusterIP)).toEqual(['10.254.0.9']);
  });

  test('an object without a namespace is in the given one', async () => {
    const text = json({ ...web, metadata: { name: 'web' } });
    expect((await fromStdin(text)).services[0]?.metadata.namespace).toBe('default');
    expect((await fromStdin(text, { namespace: 'shop' })).services[0]?.metadata.namespace).toBe('shop');
  });
});

test('a number with leading zeros harms only the object that needs a number', async () => {
  const head = (apiVersion: string, kind: string, name: string) =>
    `apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}}`;
  const service = (name: string, port: string) =>
    `{${head('v1', 'Service', name)}, spec: {clusterIP: 10.96.0.1, ports: [{port: ${port}}]}}`;
  const deployment = `{${head('apps/v1', 'Deployment', 'd')}, spec: {defaultMode: 0644}}`;
  const text = [service('web', '80'), deployment, service('odd', '0080')].join('\n---\n');
  const { services, invalid } = await readClusterFiles(['-'], async () => text);
  expect(services.map(({ metadata }) => metadata.name)).toEqual(['web']);
  expect(invalid.flatMap(({ name, problems }) => [name, ...problems])).toEqual([
    'odd',
    'spec.ports[0].port: is not a port number (1 to 65535): "0080"',
  ]);
});

describe('an incomplete input is not used at all', () => {
  test.each([
    ['truncated JSON', json(listOf(web)).slice(0, 40), 'stdin: line 1, column 41: '],
    ['truncated YAML', 'kind: Service\nmetadata: {name: web', 'stdin: line 2, column '],
    ['a text', 'hello', 'stdin: is not a Kubernetes object'],
    ['a JSON array', '[]', 'stdin: is not a Kubernetes object'],
    [
      'an object without kind',
      json({ apiVersion: 'v1', metadata: { name: 'web' } }),
      'stdin: the object "web" does not say its kind',
    ],
    ['an object without apiVersion', json({ kind: 'Service' }), 'stdin: an object does not say its apiVersion'],
    [
      'an item of a List that is not an object',
      json({ ...listOf(), items: [web, 7] }),
      'stdin: is not a Kubernetes object',
    ],
    ['a List without a list', json({ ...listOf(), items: 'web' }), "stdin: the List's items are not a list"],
    [
      'a List with more to follow',
      json({ ...listOf(web), metadata: { continue: 'abc' } }),
      'stdin: the list is not complete',
    ],
    [
      'an error of an API server',
      json({ kind: 'Status', apiVersion: 'v1', message: 'forbidden' }),
      "stdin: holds an API server's error",
    ],
    ['nothing', '', 'stdin: nothing in it for kproxy'],
    [
      'nothing for kproxy',
      'kind: Deployment\napiVersion: apps/v1',
      'stdin: nothing in it for kproxy (only Deployment)',
    ],
    [
      'aliases that expand without end',
      ['a: &a [x,x,x,x,x,x,x,x,x,x]', ...['ab', 'bc', 'cd'].map(tenTimes)].join('\n'),
      'stdin: line 1',
    ],
  ])('%s', async (_, text, message) => {
    const error = await errorOf(fromStdin(text));
    expect(error.message).toContain(message);
    expect(error.code).toMatch(/^(input-(malformed|irrelevant)|list-incomplete)$/);
  });

  test('a missing file', async () => {
    const error = await errorOf(readClusterFiles([join(folder, 'none.yaml')], noStdin));
    expect(error.message).toBe(`${folder}/none.yaml: cannot be read: there is no such file or folder`);
    expect(error.code).toBe('input-unreadable');
  });

  test('an error names the file, the line and the column', async () => {
    writeFileSync(join(folder, 'web.json'), '{\n  "kind": "Service"\n  "spec": {}\n}');
    const error = await errorOf(readClusterFiles([folder], noStdin));
    expect(error.message).toContain(`${folder}/web.json: line 3, column 3: `);
  });

  test('a file name with control characters is quoted', async () => {
    const error = await errorOf(readClusterFiles([join(folder, 'a\u001b[31m\nb')], noStdin));
    expect(error.message).toContain('a\\u001b[31m\\nb');
  });
});
