import { describe, expect, test } from 'vitest';
import { type ExplainOptions, runExplain } from '../../src/commands/explain.js';
import { parseAsked } from '../../src/explain/ask/asked.js';
import { parseSource } from '../../src/explain/ask/source.js';
import type { NodeAccess } from '../../src/node/access.js';
import { parseSnapshot, takeSnapshot } from '../../src/snapshot/snapshot.js';
import { nodeObject, placedEndpoints } from '../explain/ask/support/world.js';
import { type FakeNode, fakeNode, runCommand } from '../support/fake-node/index.js';
import { outcomeOf, readingOptions } from '../support/run-command.js';
import { type Outcome, sync } from '../support/run-sync.js';
import { listText, serviceObject } from '../support/sample-objects.js';
import { withVersions } from '../support/version-answers.js';

const endpoints = placedEndpoints('web', { '10.244.1.3': 'inajob', '10.244.2.2': 'yuanying' });
const objects = [
  serviceObject('web', '10.254.10.128'),
  endpoints,
  nodeObject('inajob', '192.168.33.11'),
  nodeObject('yuanying', '192.168.33.12'),
];
const cluster = listText(...objects);

type Setting = Partial<Omit<ExplainOptions, 'asked' | 'client' | 'target'>> & { readonly client?: string };

const explain = (
  node: NodeAccess,
  target: string,
  { client, ...more }: Setting = {},
  stdin = cluster,
): Promise<Outcome> =>
  outcomeOf(
    io =>
      runExplain(
        {
          ...readingOptions,
          target,
          asked: parseAsked(target),
          client: client === undefined ? undefined : parseSource(client),
          protocol: undefined,
          isEstablished: false,
          isAsDesired: false,
          sudo: false,
          form: 'minimal',
          probeWith: undefined,
          ...more,
        },
        node,
        io,
      ),
    stdin,
  );

const verdicts = ({ stdout }: Outcome): readonly string[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map(line => line.split(/\s{2,}/)[0] ?? '');

async function programmedNode(): Promise<FakeNode> {
  const node = fakeNode();
  await sync(node, { stdin: cluster });
  return node;
}

const asDesired = { isAsDesired: true };

test('the node as it is is read with each command once', async () => {
  const node = await programmedNode();
  const before = node.commands.length;
  await explain(node, 'web');
  const commands = node.commands.slice(before).map(({ argv }) => argv.join(' '));
  expect(commands).toContain('ip -d -j addr show');
  expect([...new Set(commands)].sort()).toEqual([...commands].sort());
});

describe('the node as it should be', () => {
  test('answers every client, and the command ends with 0', async () => {
    const outcome = await explain(fakeNode(), 'web', asDesired);
    expect(outcome).toMatchObject({ exitCode: 0, error: undefined });
    expect(verdicts(outcome)).toEqual(Array(4).fill('answered'));
    expect(outcome.stderr.split('\n')[0]).toBe('explaining the node as it should be (--as-desired)');
  });

  test('has endpoints at the end of the networks that are assumed', async () => {
    const text = listText(objects[0] as object, placedEndpoints('web', { '10.244.1.255': 'inajob' }));
    const outcome = await explain(fakeNode(), 'web', asDesired, text);
    expect(outcome.stderr).not.toContain('broadcast');
    expect(outcome.exitCode).toBe(0);
  });

  test('names only some of many networks that are assumed', async () => {
    const places = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`10.244.${index}.9`, 'inajob']));
    const { stderr } = await explain(
      fakeNode(),
      'web',
      asDesired,
      listText(objects[0] as object, placedEndpoints('web', places)),
    );
    expect(stderr).toContain('addresses of 10.244.0.0/24, 10.244.1.0/24, 10.244.2.0/24 and 97 more.');
  });

  test('is explained without any command that needs root', async () => {
    const node = fakeNode();
    await explain(node, 'web', asDesired);
    expect(node.commands.map(({ argv }) => argv.join(' '))).toEqual(['ip -d -j addr show']);
  });

  test('is explained where the node cannot be read, with the reason', async () => {
    const node = fakeNode();
    node.broken.set('ipset', { stdout: '', stderr: 'Operation not permitted', exitCode: 1 });
    const outcome = await explain(node, 'web');
    expect(outcome).toMatchObject({ exitCode: 0 });
    expect(outcome.stderr.split('\n')[0]).toMatch(
      /^explaining the node as it should be, because its state cannot be read \(cannot read the node: `ipset .*\)$/,
    );
    expect(JSON.parse((await explain(node, 'web', { form: 'json' })).stdout).basis).toBe('desired');
  });

  test('is not explained for a node whose tools print what kproxy does not understand', async () => {
    const node = fakeNode();
    node.broken.set('ipset', { stdout: 'nonsense of ipset', stderr: '', exitCode: 0 });
    const outcome = await explain(node, 'web');
    expect(outcome.error?.code).toBe('output-not-understood');
    expect(outcome.stdout).toBe('');
  });

  test('is not explained if packets are to be sent: the error of reading is shown', async () => {
    const node = fakeNode();
    node.broken.set('ipset', { stdout: '', stderr: 'Operation not permitted', exitCode: 1 });
    const outcome = await explain(node, 'web', { probeWith: ['kproxy'] });
    expect(outcome.error?.code).toBe('tool-failed');
    expect(outcome.stdout).toBe('');
  });

  test('serves node ports at the address by which the cluster knows the node', async () => {
    const nodePort = serviceObject('web', '10.254.10.128', {
      type: 'NodePort',
      ports: [{ port: 80, nodePort: 30080 }],
    });
    const outcome = await explain(fakeNode(), ':30080', asDesired, listText(nodePort, ...objects.slice(1)));
    expect(outcome.stdout).toContain('192.168.33.11:30080');
    expect(verdicts(outcome)[0]).toBe('answered');
  });
});

describe('the node as it is', () => {
  test('refuses what no real server serves, and the command ends with 1', async () => {
    const node = await programmedNode();
    for (const real of ['10.244.1.3:8080', '10.244.2.2:8080'])
      runCommand(node.kernel, { argv: `ipvsadm -d -t 10.254.10.128:80 -r ${real}`.split(' ') });
    const outcome = await explain(node, 'web', { client: 'node', form: 'json' });
    expect(outcome).toMatchObject({ exitCode: 1, error: undefined });
    const { basis, flows } = JSON.parse(outcome.stdout);
    expect(basis).toBe('node');
    expect(flows).toHaveLength(1);
    expect(flows[0]).toMatchObject({ target: '10.254.10.128:80', clientKind: 'node', verdict: 'refused' });
  });

  test('ends with 3 if an object is invalid', async () => {
    const node = await programmedNode();
    const stdin = listText(...objects, serviceObject('bad', 'x'));
    expect(await explain(node, 'web', asDesired, stdin)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('Service default/bad: spec.clusterIP'),
    });
  });

  test('a Service that does not exist is an error, and nothing is printed', async () => {
    expect(await explain(await programmedNode(), 'wep')).toMatchObject({
      stdout: '',
      exitCode: 3,
      error: { code: 'service-missing' },
    });
  });

  test('a client whose family the target does not have is an error', async () => {
    expect(await explain(await programmedNode(), 'web', { client: 'fd00::9' })).toMatchObject({
      stdout: '',
      exitCode: 2,
      error: { code: 'option-invalid', message: 'no client has an IPv4 address, as the target has' },
    });
  });
});

describe('a snapshot', () => {
  const takenAt = '2026-11-30T10:00:00.000Z';
  const snapshotOf = async (node: FakeNode, change: (text: string) => string = text => text) =>
    parseSnapshot(
      change(JSON.stringify(await takeSnapshot(withVersions(node), 'inajob', new Date(takenAt)))),
      'node.json',
    );

  test('is explained instead of this machine', async () => {
    const snapshot = await snapshotOf(await programmedNode());
    const nowhere: NodeAccess = {
      run: () => Promise.reject(new Error('this machine must not be used')),
      readFile: () => Promise.reject(new Error('this machine must not be used')),
    };
    const outcome = await explain(nowhere, 'web', { snapshot, form: 'json' });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ basis: 'snapshot', takenAt });
  });

  test('of an earlier version has too little in it', async () => {
    const old = (text: string) => JSON.stringify({ ...JSON.parse(text), version: 1, datapath: undefined });
    const snapshot = await snapshotOf(await programmedNode(), old);
    expect(await explain(fakeNode(), 'web', { snapshot })).toMatchObject({
      stdout: '',
      exitCode: 4,
      error: {
        code: 'snapshot-invalid',
        message: `the snapshot of ${takenAt} has neither routes nor the rules of other software`,
        advice: expect.stringContaining('kproxy snapshot >node.json'),
      },
    });
  });
});

describe('with kubectl', () => {
  const list = (kind: string, ...items: readonly object[]) =>
    JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', items });
  const shop = (object: object) => ({ ...object, metadata: { name: 'web', namespace: 'shop' } });
  const answers: Readonly<Record<string, string>> = {
    'config view': 'shop',
    services: list('Service', shop(serviceObject('web', '10.254.10.128'))),
    endpointslices: JSON.stringify({ kind: 'EndpointSliceList', apiVersion: 'discovery.k8s.io/v1', items: [] }),
    endpoints: list('Endpoints', shop(endpoints)),
    nodes: list('Node', ...objects.slice(2)),
    pods: list('Pod', {
      metadata: { name: 'client', namespace: 'shop' },
      spec: { nodeName: 'inajob' },
      status: { phase: 'Running', podIP: '10.244.1.9' },
    }),
  };
  const asked: string[] = [];
  const kubectl = async (argv: readonly string[]) => {
    const text = argv.join(' ');
    asked.push(text);
    const name = text.startsWith('config view') ? 'config view' : (/\/([a-z]+)(\?|$)/.exec(text)?.[1] ?? '');
    const stdout = answers[name];
    return stdout === undefined
      ? { exitCode: 1, stdout: '', stderr: `unexpected: ${text}` }
      : { exitCode: 0, stdout, stderr: '' };
  };
  const source = { from: [], namespace: undefined, kubectl };

  test("a Service without a namespace is in that of kubectl's context", async () => {
    const outcome = await explain(fakeNode(), 'web', { ...asDesired, source });
    expect(outcome).toMatchObject({ exitCode: 0, error: undefined });
  });

  test('a Service that nodes do not serve is read if it is asked for', async () => {
    const headless = { ...serviceObject('db', 'None'), metadata: { name: 'db', namespace: 'shop' } };
    const queries: string[] = [];
    const selecting = async (argv: readonly string[]) => {
      const url = new URL(argv.at(-1) ?? '', 'http://fake');
      if (!url.pathname.endsWith('/services')) return kubectl(argv);
      queries.push(`${url.pathname}?${url.searchParams.get('fieldSelector')}`);
      const items = url.searchParams.get('fieldSelector') === 'metadata.name=db' ? [headless] : [];
      return { exitCode: 0, stdout: list('Service', ...items), stderr: '' };
    };
    const setting = { ...asDesired, source: { ...source, kubectl: selecting } };
    const served = '/api/v1/services?spec.clusterIP!=None';
    expect((await explain(fakeNode(), 'db', setting)).error).toMatchObject({
      message: 'nodes do not serve the Service shop/db',
      evidence: 'It is headless: clients connect to its Pods directly.',
    });
    expect((await explain(fakeNode(), 'other/db', setting)).error).toMatchObject({
      message: 'there is no Service other/db',
      evidence: 'There is shop/db.',
    });
    await explain(fakeNode(), '10.254.10.128:80', setting);
    const named = '/api/v1/services?metadata.name=db';
    expect(queries).toEqual([served, named, served, named, served]);
  });

  test('Pods are read for a Service without a ready endpoint, and may be forbidden', async () => {
    const without = async (argv: readonly string[]) => {
      const text = argv.join(' ');
      if (text.includes('/namespaces/shop/pods'))
        return { exitCode: 1, stdout: '', stderr: 'Error from server (Forbidden): pods is forbidden: User "x"' };
      return text.includes('/endpoints?') || text.endsWith('/endpoints')
        ? { exitCode: 0, stdout: list('Endpoints'), stderr: '' }
        : kubectl(argv);
    };
    const outcome = await explain(fakeNode(), 'web', { ...asDesired, source: { ...source, kubectl: without } });
    expect(outcome).toMatchObject({ exitCode: 1, error: undefined });
    expect(outcome.stderr).toContain('pods may not be read with these credentials; going on without them\n');
  });

  test('Pods are read only for a Pod that the user names, and of its namespace', async () => {
    asked.length = 0;
    await explain(fakeNode(), 'web', { ...asDesired, source });
    expect(asked.filter(text => text.includes('/pods'))).toEqual([]);
    const outcome = await explain(fakeNode(), 'web', { ...asDesired, source, client: 'pod/client', form: 'json' });
    expect(JSON.parse(outcome.stdout).flows).toMatchObject([{ client: 'pod/client', clientAddress: '10.244.1.9' }]);
    expect(asked.filter(text => text.includes('/pods'))).toEqual([
      expect.stringMatching(/^get --raw \/api\/v1\/namespaces\/shop\/pods/),
    ]);
  });
});
