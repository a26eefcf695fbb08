import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fakeNode } from '../support/fake-node/index.js';
import { fixture, sync } from '../support/run-sync.js';
import { folderWith } from './support/folder.js';
import { kproxy } from './support/run-cli.js';

const yaml = readFileSync(fixture('tutorial.yaml'), 'utf8');
const objects = parseAllDocuments(yaml).map(document => document.toJS() as object);
const [service = {}, endpoints = {}] = objects;
const json = (value: unknown) => JSON.stringify(value);
const list = { apiVersion: 'v1', kind: 'List', items: objects };

const files = {
  'multi.yaml': yaml,
  'list.json': json(list),
  'list.yaml': `apiVersion: v1\nkind: List\nitems:\n${objects.map(object => `- ${json(object)}`).join('\n')}\n`,
  'typed.json': json({ apiVersion: 'v1', kind: 'ServiceList', items: [service] }),
  'service.json': json(service),
  'endpoints.json': json(endpoints),
  'folder/deeper/service.json': json(service),
  'folder/endpoints.yml': `# a comment\n---\n${json(endpoints)}\n`,
  'folder/README.md': 'not for kproxy',
};

const script = (...from: readonly string[]) =>
  kproxy(['sync', '--dry-run', '--full', '--no-sudo', '--node', 'inajob', ...from.flatMap(path => ['--from', path])]);

test.each([
  ['a YAML file with several documents', ['multi.yaml']],
  ['a List as JSON', ['list.json']],
  ['a List as YAML', ['list.yaml']],
  ['two files', ['service.json', 'endpoints.json']],
  ['a typed list and a file', ['typed.json', 'endpoints.json']],
  ['a folder with a folder in it', ['folder']],
])('--from %s gives the same script', async (_, names) => {
  const at = folderWith(files);
  const { stdout, stderr, exitCode } = await script(...names.map(name => at(name)));
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toContain('ipvsadm -a -t 10.254.10.128:80 -r 10.244.2.2:8080 -m');
  expect(stdout).toBe((await script(fixture('tutorial.yaml'))).stdout);
});

test('--from - reads the same from stdin, as YAML and as JSON', async () => {
  const printed = async (stdin: string) => (await sync(fakeNode(), { stdin, dryRun: true, full: true })).stdout;
  const reference = (await sync(fakeNode(), { dryRun: true, full: true })).stdout;
  expect(await printed(yaml)).toBe(reference);
  expect(await printed(json(list))).toBe(reference);
});

const noLabel = 'is not an RFC 1123 label (lower case letters, digits and -, at most 63)';
const text = (value: object) => json({ apiVersion: 'v1', kind: 'List', items: [value, ...objects] });
const bad = (spec: object, name = 'bad'): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { clusterIP: '10.254.10.9', ports: [{ port: 80 }], ...spec },
});

test.each([
  [
    'an address with a leading zero',
    bad({ clusterIP: '10.0.0.0256' }),
    'Service default/bad: spec.clusterIP: is not an IP address: "10.0.0.0256"',
  ],
  [
    'port 0',
    bad({ ports: [{ port: 0 }] }),
    'Service default/bad: spec.ports[0].port: is not a port number (1 to 65535): 0',
  ],
  [
    'port 70000',
    bad({ ports: [{ port: 80 }, { name: 'b', port: 70000 }] }),
    'Service default/bad: spec.ports[1].port: is not a port number (1 to 65535): 70000',
  ],
  ['a newline in its name', bad({}, 'a\nb'), `Service "default/a\\nb": metadata.name: ${noLabel}: "a\\nb"`],
  [
    'a command in its name',
    bad({}, '$(reboot)'),
    `Service "default/$(reboot)": metadata.name: ${noLabel}: "$(reboot)"`,
  ],
])('%s: the message names file, object and field, and the valid objects are used', async (_, object, words) => {
  const at = folderWith({ 'cluster.json': text(object) });
  const { stdout, stderr, exitCode } = await script(at('cluster.json'));
  expect(stderr).toBe(`${at('cluster.json')}: ${words}\n`);
  expect(exitCode).toBe(3);
  expect(stdout).toBe((await script(fixture('tutorial.yaml'))).stdout);
});

test.each([
  ['truncated JSON', 'cluster.json', json(list).slice(0, 300), /^kproxy: .*cluster\.json.*\n/],
  ['truncated YAML', 'cluster.yaml', 'apiVersion: v1\nkind: "Service', /^kproxy: .*cluster\.yaml.*\n/],
  [
    'a wrong kind',
    'secret.yaml',
    'apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n',
    /^kproxy: .*secret\.yaml: nothing in it for kproxy \(only Secret\)\n/,
  ],
  [
    'no kind',
    'none.json',
    '{"metadata":{"name":"a"}}',
    /^kproxy: .*none\.json: .* does not say its kind \(field kind\)\n/,
  ],
  [
    'an error instead of objects',
    'status.json',
    json({ apiVersion: 'v1', kind: 'Status', message: 'boom' }),
    /^kproxy: .*status\.json: holds an API server's error instead of objects: "boom"\n/,
  ],
])('%s is an error, and no script is printed', async (_, name, content, message) => {
  const at = folderWith({ [name]: content });
  const { stdout, stderr, exitCode } = await script(at(name));
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
  expect(stderr).toMatch(message);
});

test('a path that does not exist is an error', async () => {
  const { stdout, stderr, exitCode } = await script('/no/such/file.yaml');
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
  expect(stderr).toMatch(/^kproxy: \/no\/such\/file\.yaml: cannot be read: there is no such file or folder\n/);
});
