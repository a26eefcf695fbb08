import { describe, expect, test } from 'vitest';
import { fakeNode, runCommand } from '../support/fake-node/index.js';
import { sync } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';

const web = serviceObject('web', '10.96.0.1');
const ipvs = ({ kernel }: ReturnType<typeof fakeNode>) =>
  runCommand(kernel, { argv: ['ipvsadm', '-S', '-n'] })
    .stdout.split('\n')
    .filter(Boolean);

describe('sync of the tutorial’s cluster', () => {
  test('programs the node and says what it did', async () => {
    const node = fakeNode();
    expect(await sync(node)).toEqual({
      stdout: [
        'virtual server TCP 10.254.10.128:80 rr: added',
        'real server 10.244.1.3:8080 of TCP 10.254.10.128:80, weight 1: added',
        'real server 10.244.2.2:8080 of TCP 10.254.10.128:80, weight 1: added',
        'node inajob: 29 added, 1 changed, 0 removed',
        '',
      ].join('\n'),
      stderr: '',
      exitCode: 0,
      error: undefined,
    });
    expect(ipvs(node)).toEqual([
      '-A -t 10.254.10.128:80 -s rr',
      '-a -t 10.254.10.128:80 -r 10.244.1.3:8080 -m -w 1',
      '-a -t 10.254.10.128:80 -r 10.244.2.2:8080 -m -w 1',
    ]);
  });

  test('changes nothing the second time', async () => {
    const node = fakeNode();
    await sync(node);
    const before = node.changing.length;
    expect(await sync(node)).toMatchObject({ stdout: 'node inajob: in sync, nothing changed\n', exitCode: 0 });
    expect(node.changing).toHaveLength(before);
  });

  test('does not call a node in sync with objects that it cannot serve', async () => {
    const node = fakeNode();
    const stdin = listText(web, endpointsObject('web', ['10.244.1.3']), serviceObject('bad', '10.96.0.300'));
    await sync(node, { stdin });
    expect(await sync(node, { stdin })).toMatchObject({
      stdout: 'node inajob: nothing changed; not all is served, see the errors\n',
      stderr: expect.stringContaining('default/bad'),
    });
  });
});

describe('sync after a removal from the cluster', () => {
  test('removes an endpoint, and keeps the other one', async () => {
    const node = fakeNode();
    await sync(node, { stdin: listText(web, endpointsObject('web', ['10.244.1.3', '10.244.1.4'])) });
    expect(await sync(node, { stdin: listText(web, endpointsObject('web', ['10.244.1.4'])) })).toMatchObject({
      stdout: expect.stringContaining('real server 10.244.1.3:8080 of TCP 10.96.0.1:80, weight 1: removed'),
    });
    expect(ipvs(node)).toEqual(['-A -t 10.96.0.1:80 -s rr', '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1']);
  });

  test('drains an endpoint with open connections first', async () => {
    const node = fakeNode();
    const endpoints = endpointsObject('web', ['10.244.1.3', '10.244.1.4']);
    await sync(node, { stdin: listText(web, endpoints) });
    const realServers = node.kernel.servers.get('TCP 10.96.0.1:80')?.realServers;
    const busy = realServers?.get('10.244.1.3:8080');
    if (busy === undefined) throw new Error('the real server is not there');
    realServers?.set('10.244.1.3:8080', { ...busy, connections: { active: 1, inactive: 0 } });
    const next = { stdin: listText(web, endpointsObject('web', ['10.244.1.4'])) };
    await sync(node, next);
    expect(ipvs(node)).toContain('-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 0');
    realServers?.set('10.244.1.3:8080', { ...busy, weight: 0 });
    await sync(node, next);
    expect(ipvs(node)).toEqual(['-A -t 10.96.0.1:80 -s rr', '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1']);
  });

  test('removes a Service with its address and its entries', async () => {
    const node = fakeNode();
    const other = serviceObject('other', '10.96.0.2');
    const endpoints = [endpointsObject('web', ['10.244.1.3']), endpointsObject('other', ['10.244.1.5'])];
    await sync(node, { stdin: listText(web, other, ...endpoints) });
    expect((await sync(node, { stdin: listText(web, ...endpoints) })).exitCode).toBe(0);
    expect(node.kernel.links.get('kube-ipvs0')?.addresses).toEqual([{ address: '10.96.0.1', prefix: 32 }]);
    expect([...(node.kernel.sets.get('KUBE-CLUSTER-IP')?.entries ?? [])]).toEqual(['10.96.0.1,tcp:80']);
    expect(ipvs(node).join()).not.toContain('10.96.0.2');
  });
});

describe('sync of a cluster that is probably incomplete', () => {
  const both = listText(web, endpointsObject('web', ['10.244.1.3']));
  const nothing = listText({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob' } });

  test('removes nothing if there are no Services', async () => {
    const node = fakeNode();
    await sync(node, { stdin: both });
    const before = node.changing.length;
    expect(await sync(node, { stdin: nothing })).toMatchObject({
      exitCode: 3,
      error: {
        code: 'cluster-empty',
        message: "no Service was read, but this node has 1 virtual server of kproxy's",
        advice: expect.stringContaining('--allow-empty'),
      },
    });
    expect(node.changing).toHaveLength(before);
  });

  const unserved = {
    'a headless one': serviceObject('db', 'None'),
    'an ExternalName': serviceObject('db', '', { type: 'ExternalName', externalName: 'db.example.com' }),
    'one of another proxy': {
      ...serviceObject('db', '10.96.0.9'),
      metadata: { name: 'db', namespace: 'default', labels: { 'service.kubernetes.io/service-proxy-name': 'other' } },
    },
  };

  test.each(Object.entries(unserved))('removes nothing if the only Service is %s', async (_, service) => {
    const node = fakeNode();
    await sync(node, { stdin: both });
    const before = node.changing.length;
    expect(await sync(node, { stdin: listText(service) })).toMatchObject({
      exitCode: 3,
      error: {
        code: 'cluster-empty',
        message:
          'no Service that nodes serve was read (only 1 Service without a cluster IP or of another proxy), ' +
          "but this node has 1 virtual server of kproxy's",
      },
    });
    expect(node.changing).toHaveLength(before);
    expect(await sync(node, { stdin: listText(service), allowEmpty: true })).toMatchObject({ exitCode: 0 });
    expect(ipvs(node)).toEqual([]);
  });

  test('programs a node without virtual servers for a cluster whose Services nodes do not serve', async () => {
    expect(await sync(fakeNode(), { stdin: listText(...Object.values(unserved)) })).toMatchObject({ exitCode: 0 });
  });

  test('removes everything with --allow-empty', async () => {
    const node = fakeNode();
    await sync(node, { stdin: both });
    expect(await sync(node, { stdin: nothing, allowEmpty: true })).toMatchObject({ exitCode: 0 });
    expect(ipvs(node)).toEqual([]);
    expect(node.kernel.links.get('kube-ipvs0')?.addresses).toEqual([]);
  });

  test('keeps real servers if there are no endpoint objects, and says so', async () => {
    const node = fakeNode();
    await sync(node, { stdin: both });
    expect(await sync(node, { stdin: listText(web) })).toMatchObject({
      stdout: expect.stringContaining('nothing changed'),
      stderr: 'no EndpointSlices or Endpoints were found: existing real servers are kept\n',
    });
  });

  test('keeps what belongs to other namespaces if only one was read', async () => {
    const node = fakeNode();
    await sync(node, { stdin: both });
    const elsewhere = { ...serviceObject('api', '10.96.0.9'), metadata: { name: 'api', namespace: 'other' } };
    expect(await sync(node, { stdin: listText(elsewhere), namespace: 'other' })).toMatchObject({ exitCode: 0 });
    expect(ipvs(node)).toEqual([
      '-A -t 10.96.0.1:80 -s rr',
      '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1',
      '-A -t 10.96.0.9:80 -s rr',
    ]);
  });
});

test('the older of two Services with one VIP and port owns it, and sync names the other', async () => {
  const dated = (name: string, day: number) => ({
    ...serviceObject(name, '10.96.0.1'),
    metadata: { name, namespace: 'default', creationTimestamp: `2026-01-0${day}T00:00:00Z` },
  });
  const node = fakeNode();
  const outcome = await sync(node, {
    stdin: listText(
      dated('late', 2),
      dated('early', 1),
      endpointsObject('late', ['10.244.1.3']),
      endpointsObject('early', ['10.244.1.4']),
    ),
  });
  expect(outcome).toMatchObject({
    exitCode: 0,
    stderr: 'default/late: TCP 10.96.0.1:80 belongs to default/early, which is older, and stays with it\n',
  });
  expect(ipvs(node)).toEqual(['-A -t 10.96.0.1:80 -s rr', '-a -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 1']);
});

describe('an external IP that is the cluster IP of a Service that is not read', () => {
  const objects = (externalIP: string) =>
    listText(
      serviceObject('other', '10.96.0.2', { externalIPs: [externalIP] }),
      endpointsObject('other', ['10.244.1.9']),
    );
  const line =
    'default/other: TCP 10.96.0.1:80 belongs to a Service that was not read, as its cluster IP, which goes before ' +
    'the external IP of another Service, and stays with it\n';
  const programmed = async () => {
    const node = fakeNode();
    const bank = { metadata: { name: 'web', namespace: 'bank' } };
    await sync(node, { stdin: listText({ ...web, ...bank }, { ...endpointsObject('web', ['10.244.1.3']), ...bank }) });
    return node;
  };

  test('is left out and named by sync and by its script, and the rest is served', async () => {
    const node = await programmed();
    const script = await sync(node, { stdin: objects('10.96.0.1'), namespace: 'default', dryRun: true });
    expect(script).toMatchObject({ stderr: line, stdout: expect.not.stringContaining('10.96.0.1') });
    expect(await sync(node, { stdin: objects('10.96.0.1'), namespace: 'default' })).toMatchObject({ stderr: line });
    expect(ipvs(node).filter(text => text.startsWith('-a'))).toEqual([
      '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1',
      '-a -t 10.96.0.2:80 -r 10.244.1.9:8080 -m -w 1',
    ]);
  });

  test('is served if the node has no such cluster IP', async () => {
    const node = await programmed();
    expect(await sync(node, { stdin: objects('10.96.0.3'), namespace: 'default' })).toMatchObject({ stderr: '' });
    expect(ipvs(node)).toContain('-a -t 10.96.0.3:80 -r 10.244.1.9:8080 -m -w 1');
  });
});
