import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/fake-node/index.js';
import { sync, tutorialProxy } from '../support/run-sync.js';
import { listText, serviceObject } from '../support/sample-objects.js';
import { ipvsOf, type ProgrammedNode, programmedNode, sliceObject } from './support/programmed-node.js';

const api = serviceObject('api', '10.96.0.2');
const apiSlice = sliceObject('api', ['10.244.1.5']);
const taken = '203.0.113.5';
const wanting = (more: object) => serviceObject('web', '10.96.0.1', more);
const slice = sliceObject('web', ['10.244.1.3']);

/** Makes a virtual server with a real server, as a load balancer's own software does. */
function make({ node }: ProgrammedNode, server: string, real = '192.0.2.7:80'): readonly string[] {
  for (const argv of [
    ['ipvsadm', '-A', '-t', server, '-s', 'wlc'],
    ['ipvsadm', '-a', '-t', server, '-r', real, '-m', '-w', '3'],
  ])
    runCommand(node.kernel, { argv });
  return [`-A -t ${server} -s wlc`, `-a -t ${server} -r ${real} -m -w 3`];
}

const linesAt = ({ node }: ProgrammedNode, server: string) => ipvsOf(node).filter(line => line.includes(` ${server} `));
const boundOn = ({ node }: ProgrammedNode) =>
  node.kernel.links.get('kube-ipvs0')?.addresses.map(({ address }) => address) ?? [];
const startedNode = (proxy = {}) => programmedNode([api, apiSlice], { proxy: { ...tutorialProxy, ...proxy } });

const loadBalancer = { type: 'LoadBalancer' };
const withIngress = (ip: string) => ({ ...wanting(loadBalancer), status: { loadBalancer: { ingress: [{ ip }] } } });

describe('a virtual server of other software', () => {
  const claims = [
    ['an external IP', wanting({ externalIPs: [taken] })],
    ['a load balancer address', withIngress(taken)],
  ] as const;

  test.each(claims)('stays as it is if a Service claims it as %s, in full and partial syncs', async (_, service) => {
    const node = await startedNode();
    const before = make(node, `${taken}:80`);
    await node.programmer.syncAll();
    const { desired } = await node.put(service, slice);
    const { desired: again } = await node.programmer.syncAll();
    for (const { problems } of [desired, again])
      expect(problems).toEqual([
        `default/web: TCP ${taken}:80 is a virtual server of other software, which stays as it is (if it is left ` +
          `over, remove it: ipvsadm -D -t ${taken}:80)`,
      ]);
    expect(linesAt(node, `${taken}:80`)).toEqual(before);
    expect(boundOn(node)).not.toContain(taken);
    expect(linesAt(node, '10.96.0.1:80')).toHaveLength(2);
    await node.remove(service, slice);
    await node.programmer.syncAll();
    expect(linesAt(node, `${taken}:80`)).toEqual(before);
  });

  test('keeps its address for itself if a Service claims another port of it', async () => {
    const node = await startedNode();
    const before = make(node, `${taken}:443`);
    await node.programmer.syncAll();
    await node.put(wanting({ externalIPs: [taken] }), slice);
    await node.programmer.syncAll();
    expect(linesAt(node, `${taken}:443`)).toEqual(before);
    expect(boundOn(node)).not.toContain(taken);
  });

  test('stays if it forwards without masquerading, at an address that a Service had before', async () => {
    const node = await startedNode();
    await node.put({ ...wanting({ externalIPs: [taken], ports: [{ port: 9999 }] }) }, slice);
    for (const argv of [
      ['ipvsadm', '-A', '-t', `${taken}:80`, '-s', 'wlc'],
      ['ipvsadm', '-a', '-t', `${taken}:80`, '-r', '192.0.2.7:80', '-g', '-w', '3'],
    ])
      runCommand(node.node.kernel, { argv });
    const before = linesAt(node, `${taken}:80`);
    await node.programmer.syncAll();
    expect(linesAt(node, `${taken}:80`)).toEqual(before);
    expect(linesAt(node, `${taken}:9999`)).toHaveLength(2);
    // What kproxy masquerades there is its own, and is removed: for example when a run was interrupted.
    make(node, `${taken}:81`);
    await node.programmer.syncAll();
    expect(linesAt(node, `${taken}:81`)).toEqual([]);
  });

  test('stays if a Service claims it as an external IP and has its real server among its endpoints', async () => {
    const node = await startedNode();
    const own = [...(node.node.kernel.links.get('eth0')?.addresses ?? [])][0]?.address ?? '';
    expect(own).not.toBe('');
    const before = make(node, `${own}:8080`, '172.20.0.2:80');
    await node.programmer.syncAll();
    const mixed = { ...sliceObject('web', ['172.20.0.2', '10.244.6.66'], { port: 80 }) };
    const service = wanting({ externalIPs: [own], ports: [{ port: 8080 }] });
    // A kproxy that has just started knows nothing of what was found before.
    const restarted = await programmedNode([api, apiSlice, service, mixed], {
      kernel: node.node.kernel,
      proxy: tutorialProxy,
    });
    const { desired } = await restarted.programmer.syncAll();
    expect(desired.problems.join()).toContain('is a virtual server of other software');
    expect(linesAt(node, `${own}:8080`)).toEqual(before);
    await restarted.remove(service, mixed);
    await restarted.programmer.syncAll();
    expect(linesAt(node, `${own}:8080`)).toEqual(before);
  });

  test('is left alone as long as it is there, and the Service is served when it has gone', async () => {
    const node = await startedNode();
    make(node, `${taken}:80`);
    await node.programmer.syncAll();
    await node.put(wanting({ externalIPs: [taken] }), slice);
    runCommand(node.node.kernel, { argv: ['ipvsadm', '-D', '-t', `${taken}:80`] });
    const { desired } = await node.programmer.syncAll();
    expect(desired.problems).toEqual([]);
    expect(linesAt(node, `${taken}:80`)).toEqual([
      `-A -t ${taken}:80 -s rr`,
      `-a -t ${taken}:80 -r 10.244.1.3:8080 -m -w 1`,
    ]);
    expect(boundOn(node)).toContain(taken);
  });

  test('in an excluded network stays even at an address that kproxy has bound', async () => {
    const node = await startedNode({ excludeCidrs: ['203.0.113.0/24'] });
    const service = wanting({ externalIPs: [taken], ports: [{ port: 81 }] });
    await node.put(service, slice);
    expect(boundOn(node)).toContain(taken);
    const before = make(node, `${taken}:80`);
    const both = wanting({
      externalIPs: [taken],
      ports: [
        { name: 'a', port: 81 },
        { name: 'b', port: 80 },
      ],
    });
    await node.programmer.syncAll();
    await node.put(both);
    await node.programmer.syncAll();
    expect(linesAt(node, `${taken}:80`)).toEqual(before);
  });

  test('with the number of a node port stays, and so does a node port of the same number elsewhere', async () => {
    const node = await startedNode();
    node.node.kernel.links.get('eth0')?.addresses.push({ address: '10.10.0.99', prefix: 24 });
    const before = make(node, '10.10.0.99:30080');
    await node.programmer.syncAll();
    await node.put(wanting({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }), slice);
    await node.programmer.syncAll();
    await node.programmer.syncAll();
    expect(ipvsOf(node.node).filter(line => line.includes(':30080 '))).toEqual(before);
  });
});

test('what kproxy made stays its own without the address, the sets, or both', async () => {
  const node = await startedNode();
  await node.put(wanting({ externalIPs: [taken] }), slice);
  const before = ipvsOf(node.node);
  const link = node.node.kernel.links.get('kube-ipvs0');
  link?.addresses.splice(0);
  expect((await node.programmer.syncAll()).desired.problems).toEqual([]);
  expect(boundOn(node)).toContain(taken);
  expect(ipvsOf(node.node)).toEqual(before);
});

test('the script of a dry run leaves it alone too, and serves the rest', async () => {
  const node = await startedNode();
  make(node, `${taken}:80`);
  const stdin = listText(wanting({ externalIPs: [taken] }), slice, api, apiSlice);
  const { stdout, stderr } = await sync(node.node, { stdin, dryRun: true, script: 'batch' });
  expect(stderr).toContain(`default/web: TCP ${taken}:80 is a virtual server of other software`);
  expect(stdout).not.toContain(taken);
  expect(stdout).toContain('-a -t 10.96.0.1:80 -r 10.244.1.3:8080');
  runCommand(node.node.kernel, { argv: ['ipvsadm', '-D', '-t', `${taken}:80`] });
  expect((await sync(node.node, { stdin, dryRun: true, script: 'batch' })).stdout).toContain(`-A -t ${taken}:80`);
});

describe('a node port', () => {
  const nodePort = (name: string, address: string) =>
    serviceObject(name, address, { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
  const elsewhere = '[fd00:10:10::11]:30080';
  const atNodePort = (node: ProgrammedNode) => ipvsOf(node.node).filter(line => line.includes(':30080 '));

  test("of one family does not make other software's server of the other family kproxy's", async () => {
    const node = await startedNode();
    await node.put(nodePort('web', '10.96.0.1'), slice);
    const before = make(node, elsewhere, '[fd00:9::7]:80');
    await node.programmer.syncAll();
    await node.programmer.syncAll();
    expect(linesAt(node, elsewhere)).toEqual(before);
    expect(linesAt(node, '10.10.0.11:30080')).toHaveLength(2);
  });

  test('that moves to a Service of the other family leaves nothing behind, also if kproxy starts again', async () => {
    const node = await startedNode();
    const slice6 = { ...sliceObject('old', ['fd00:244:1::3']), addressType: 'IPv6' };
    await node.put(nodePort('old', 'fd00:96::1'), slice6);
    expect(linesAt(node, elsewhere)).toHaveLength(2);
    const next = await programmedNode([nodePort('web', '10.96.0.1'), slice], { kernel: node.node.kernel });
    expect(atNodePort(next)).toEqual([
      '-A -t 10.10.0.11:30080 -s rr',
      '-a -t 10.10.0.11:30080 -r 10.244.1.3:8080 -m -w 1',
    ]);
  });

  test('of kproxy at an address of an excluded network gets new endpoints, and goes with its Service', async () => {
    const excluded = { proxy: { excludeCidrs: ['10.10.0.0/24'] } };
    const node = await programmedNode([nodePort('web', '10.96.0.1'), slice, api, apiSlice], excluded);
    const moved = [nodePort('web', '10.96.0.1'), sliceObject('web', ['10.244.1.9']), api, apiSlice];
    const next = await programmedNode(moved, { ...excluded, kernel: node.node.kernel });
    const { desired } = await next.programmer.syncAll();
    expect(desired.problems).toEqual([]);
    expect(atNodePort(next)).toEqual([
      '-A -t 10.10.0.11:30080 -s rr',
      '-a -t 10.10.0.11:30080 -r 10.244.1.9:8080 -m -w 1',
    ]);
    expect(atNodePort(await programmedNode([api, apiSlice], { ...excluded, kernel: node.node.kernel }))).toEqual([]);
  });
});
