import { describe, expect, test } from 'vitest';
import { type DiffOptions, runDiff } from '../../src/commands/diff.js';
import { type FakeNode, fakeNode, parse, runCommand } from '../support/fake-node/index.js';
import { fromStdin, outcomeOf } from '../support/run-command.js';
import { type Outcome, sync, tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject, udpObjects } from '../support/sample-objects.js';

const objects = [serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3', '10.244.1.4'])];
const cluster = listText(...objects, serviceObject('api', '10.96.0.2'));

const diff = (node: FakeNode, stdin = cluster, options: Partial<DiffOptions> = {}): Promise<Outcome> =>
  outcomeOf(
    io =>
      runDiff(
        {
          source: fromStdin,
          proxy: tutorialProxy,
          namespace: undefined,
          allowEmpty: false,
          snapshot: undefined,
          output: 'text',
          isColored: false,
          ...options,
        },
        node,
        io,
      ),
    stdin,
  );

const json = { output: 'json' } as const;

async function damagedNode(): Promise<FakeNode> {
  const node = fakeNode();
  await sync(node, { stdin: cluster });
  for (const command of [
    'ipvsadm -E -t 10.96.0.1:80 -s wrr',
    'ipvsadm -d -t 10.96.0.1:80 -r 10.244.1.3:8080',
    'ipvsadm -e -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 5',
    'ipvsadm -A -t 10.96.0.2:81 -s rr',
  ])
    runCommand(node.kernel, { argv: command.split(' ') });
  return node;
}

describe('diff of a node in sync', () => {
  test('is one line, and ends with 0', async () => {
    const node = fakeNode();
    await sync(node, { stdin: cluster });
    expect(await diff(node)).toEqual({ stdout: 'node inajob: in sync\n', stderr: '', exitCode: 0, error: undefined });
    const { stdout } = await diff(node, cluster, json);
    expect(JSON.parse(stdout)).toEqual({ node: 'inajob', inSync: true, differences: [] });
  });
});

test('diff of a node in sync ends with 3 if a Service wants what it cannot have', async () => {
  const node = fakeNode();
  const stdin = listText(serviceObject('web', '10.96.0.1', { externalIPs: ['224.0.0.1'] }));
  await sync(node, { stdin });
  expect(await diff(node, stdin)).toMatchObject({ stdout: 'node inajob: in sync\n', exitCode: 3 });
});

describe('a virtual server that was changed by hand', () => {
  test.each([
    ['-o', ['one-packet scheduling is on, should be none']],
    ['--pe sip', ['persistence engine is sip, should be none']],
    ['-p 60 --pe sip -o', ['persistence', 'persistence engine', 'one-packet scheduling']],
    ['-b flag-1 -p 60', ['scheduler flags is flag-1, should be none', 'persistence is 60 s']],
    ['-s sh -b sh-port', ['scheduler is sh, should be rr', 'scheduler flags is sh-port, should be none']],
  ])('ipvsadm -E … %s: diff names each difference, and sync corrects them', async (options, names) => {
    const node = fakeNode();
    await sync(node, { stdin: cluster });
    const scheduler = options.includes('-s ') ? '' : '-s rr ';
    runCommand(node.kernel, { argv: `ipvsadm -E -t 10.96.0.1:80 ${scheduler}${options}`.split(' ') });
    const { stdout, exitCode } = await diff(node, cluster, json);
    expect(exitCode).toBe(1);
    const [{ differences }] = JSON.parse(stdout).differences;
    expect(differences).toEqual(names.map(name => expect.stringMatching(`^${name}`)));
    await sync(node, { stdin: cluster });
    expect(await diff(node)).toMatchObject({ exitCode: 0 });
  });
});

describe('thresholds of a real server that were set by hand', () => {
  const edit = (options: string) =>
    `ipvsadm -e -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1 ${options}`.trim().split(' ');

  test('diff names them, and sync resets them', async () => {
    const node = fakeNode();
    await sync(node, { stdin: cluster });
    runCommand(node.kernel, { argv: edit('-x 100 -y 50') });
    const { stdout, exitCode } = await diff(node, cluster, json);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).differences).toMatchObject([
      { differences: ['connection thresholds is 100 and 50, should be none'] },
    ]);
    expect(await sync(node, { stdin: cluster })).toMatchObject({ exitCode: 0 });
    expect(await diff(node)).toMatchObject({ exitCode: 0 });
  });

  test('those of other software stay', async () => {
    const node = fakeNode();
    await sync(node, { stdin: cluster });
    const foreign = ['-A -t 192.0.2.9:80 -s rr', '-a -t 192.0.2.9:80 -r 10.0.0.1:80 -g -w 1 -x 7'];
    for (const line of foreign) runCommand(node.kernel, { argv: ['ipvsadm', ...line.split(' ')] });
    expect(await diff(node)).toMatchObject({ exitCode: 0 });
  });
});

describe('diff of a node that is not in sync', () => {
  test('has one line with its reason for each difference by Service port, and ends with 1', async () => {
    expect(await diff(await damagedNode())).toMatchObject({
      stdout: `default/web
  ~ virtual server TCP 10.96.0.1:80 rr
      scheduler is wrr, should be rr
      Without it the kernel would not balance packets to this address and port.
  + real server 10.244.1.3:8080 of TCP 10.96.0.1:80, weight 1
      Without it this endpoint would get no connections.
  ~ real server 10.244.1.4:8080 of TCP 10.96.0.1:80, weight 1
      weight is 5, should be 1
      Without it this endpoint would get no connections.

leftovers
  - virtual server TCP 10.96.0.2:81 rr
      No Service needs it.

node inajob: 4 differences (1 to add, 2 to change, 1 to remove)
kproxy explain default/web shows what that does to a packet
`,
      stderr: '',
      exitCode: 1,
    });
  });

  test('names no Service port if only leftovers and parts of the node itself differ', async () => {
    const node = fakeNode();
    await sync(node, { stdin: cluster });
    runCommand(node.kernel, { argv: 'ipvsadm -A -t 10.96.0.2:81 -s rr'.split(' ') });
    const { stdout } = await diff(node);
    expect(stdout).toContain('leftovers');
    expect(stdout).not.toContain('kproxy explain');
  });

  test('says the same as JSON', async () => {
    const { stdout, exitCode } = await diff(await damagedNode(), cluster, json);
    expect(exitCode).toBe(1);
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ node: 'inajob', inSync: false });
    expect(said.differences).toMatchObject([
      {
        change: 'change',
        kind: 'virtual-server',
        servicePorts: ['default/web'],
        differences: ['scheduler is wrr, should be rr'],
      },
      { change: 'add', kind: 'real-server', servicePorts: ['default/web'], differences: [] },
      { change: 'change', kind: 'real-server', differences: ['weight is 5, should be 1'] },
      { change: 'remove', kind: 'virtual-server', servicePorts: [], description: 'virtual server TCP 10.96.0.2:81 rr' },
    ]);
  });

  test('has a group of its own for what belongs to the node itself', async () => {
    const { stdout, exitCode } = await diff(fakeNode());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^the node itself\n {2}\+ kernel module ip_vs\n {6}Without it /);
    expect(stdout).toMatch(
      /\nnode inajob: \d+ differences \(\d+ to add, 1 to change, 0 to remove\)\nkproxy explain .*\n$/,
    );
  });

  test('changes nothing', async () => {
    const node = await damagedNode();
    const before = node.changing.length;
    await diff(node);
    await diff(node, cluster, json);
    expect(node.changing).toHaveLength(before);
  });

  test('lists what sync then changes', async () => {
    const node = await damagedNode();
    expect(await sync(node, { stdin: cluster })).toMatchObject({
      stdout: expect.stringContaining('node inajob: 1 added, 2 changed, 1 removed\n'),
    });
    expect((await diff(node)).exitCode).toBe(0);
  });
});

describe('diff in trouble', () => {
  test('names an invalid object, counts what the node has for it as right, and ends with 3', async () => {
    const node = fakeNode();
    await sync(node, { stdin: cluster });
    const bad = listText(...objects, serviceObject('api', '10.96.0.2', { ports: [{ port: 0 }] }));
    expect(await diff(node, bad)).toMatchObject({
      stdout: 'node inajob: in sync\n',
      stderr: 'stdin: Service default/api: spec.ports[0].port: is not a port number (1 to 65535): 0\n',
      exitCode: 3,
    });
  });

  test('ends with 3 if the cluster has no Services', async () => {
    const node = fakeNode();
    await sync(node, { stdin: cluster });
    expect(await diff(node, listText())).toMatchObject({ stdout: '', exitCode: 3, error: { code: 'cluster-empty' } });
    expect(await diff(node, listText(), { allowEmpty: true })).toMatchObject({ exitCode: 1 });
  });

  test('warns if the cluster has no Node of this name', async () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob2' } };
    const programmed = fakeNode();
    await sync(programmed, { stdin: cluster });
    expect(await diff(programmed, listText(...objects, serviceObject('api', '10.96.0.2'), node))).toMatchObject({
      stderr: expect.stringMatching(/^the cluster has no Node named "inajob": similar is inajob2; .* --node\n$/),
      exitCode: 0,
    });
  });

  test('ends with 4 if the node cannot be read', async () => {
    const node = fakeNode();
    node.broken.set('ipset save', { stdout: '', stderr: 'no\n', exitCode: 1 });
    expect(await diff(node)).toMatchObject({
      stdout: '',
      exitCode: 4,
      error: { code: 'tool-failed', message: 'cannot read the node: `ipset save` failed with exit status 1' },
    });
  });
});

describe('stale UDP flows', () => {
  const vip = '10.96.0.9';
  const dns = listText(...udpObjects(vip, ['10.244.1.3']));
  const flow = (backend: string, address = vip) => `conntrack -I -p udp -d ${address} --dport 53 -r ${backend}\n`;

  async function nodeWithFlows(...flows: readonly string[]): Promise<FakeNode> {
    const node = fakeNode();
    await sync(node, { stdin: dns });
    parse(flows.join(''), node.kernel);
    return node;
  }

  test('are differences of their Service until sync has removed them', async () => {
    const node = await nodeWithFlows(flow('10.244.1.3'), flow('10.244.1.9'), flow('10.244.1.8', '10.96.0.99'));
    expect(await diff(node, dns)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(
        'default/dns\n' +
          `  - UDP flows from ${vip} port 53 to 10.244.1.9:5353\n` +
          '      Their packets go to no real server of a Service.\n\n' +
          'node inajob: 1 difference (0 to add, 0 to change, 1 to remove)\n',
      ),
    });
    await sync(node, { stdin: dns });
    expect(await diff(node, dns)).toMatchObject({ exitCode: 0, stdout: 'node inajob: in sync\n' });
  });

  test('are shown with the real server that sync removes', async () => {
    const node = await nodeWithFlows(flow('10.244.1.3'));
    const { stdout } = await diff(node, listText(...udpObjects(vip, ['10.244.1.4'])));
    expect(stdout).toContain('  - real server 10.244.1.3:5353');
    expect(stdout).toContain(`  - UDP flows from ${vip} port 53\n`);
  });

  test('are not looked for without UDP Services', async () => {
    const node = await damagedNode();
    await diff(node);
    expect(node.commands.map(({ argv }) => argv[0])).not.toContain('conntrack');
  });

  test('are left out if conntrack fails', async () => {
    const node = await nodeWithFlows(flow('10.244.1.9'));
    node.broken.set('conntrack -L', { exitCode: 1, stdout: '', stderr: 'Operation not permitted\n' });
    expect(await diff(node, dns)).toMatchObject({ exitCode: 0, stderr: '', stdout: 'node inajob: in sync\n' });
  });
});
