import { describe, expect, test } from 'vitest';
import { runCommand } from '../support/fake-node/index.js';
import { parityOptions } from '../support/parity-case.js';
import { serviceObject } from '../support/sample-objects.js';
import { type NodeSetting, type ProgrammedNode, programmedNode, sliceObject } from './support/programmed-node.js';

/*
 * Each test programs a node, then starts with an empty memory on the same kernel, as a one-shot sync or a new process
 * does: what an invalid object asked for before is then known from the node only.
 */
const setting: NodeSetting = { proxy: parityOptions };
const onNodeA = (slice: object): object => ({
  ...slice,
  endpoints: (slice as { endpoints: readonly object[] }).endpoints.map(one => ({ ...one, nodeName: 'node-a' })),
});
const web = serviceObject('web', '10.96.0.1');
const api = serviceObject('api', '10.96.0.2');
const webSlice = onNodeA(sliceObject('web', ['10.244.1.3', '10.244.1.4']));
const apiSlice = onNodeA(sliceObject('api', ['10.244.1.5', '10.244.1.6']));
/** What is there before, with a Service that is deleted and an endpoint of `api` that dies. */
const before = [web, api, serviceObject('gone', '10.96.0.9'), webSlice, apiSlice];
const after = [api, onNodeA(sliceObject('api', ['10.244.1.5']))];

const afterwards = async (earlier: readonly object[], ...objects: readonly object[]): Promise<ProgrammedNode> => {
  const { node } = await programmedNode(earlier, setting);
  return programmedNode(objects, { ...setting, kernel: node.kernel, areOfFiles: true });
};
const serversOf = (node: ProgrammedNode): readonly string[] =>
  node.ipvs().map(line => line.replace(/^-(\w) -[tu] (\S+)(?: -r (\S+))?.*/, '$1 $2 $3').trim());
const entriesOf = ({ node }: ProgrammedNode, set: string): readonly string[] =>
  runCommand(node.kernel, { argv: ['ipset', 'save', set] })
    .stdout.split('\n')
    .flatMap(line => (line.startsWith('add') ? [line.split(' ')[2] ?? ''] : []))
    .sort();
const vipsOf = ({ node }: ProgrammedNode): readonly string[] =>
  (node.kernel.links.get('kube-ipvs0')?.addresses ?? [])
    .map(address => JSON.stringify(address).match(/[\d.]{7,}/)?.[0] ?? '')
    .sort();

const apiServers = ['A 10.96.0.2:80', 'a 10.96.0.2:80 10.244.1.5:8080'];
const webServers = ['A 10.96.0.1:80', 'a 10.96.0.1:80 10.244.1.3:8080', 'a 10.96.0.1:80 10.244.1.4:8080'];
const slice = (fields: object, metadata: object = {}) => ({
  ...webSlice,
  ...fields,
  metadata: { name: 'bad', namespace: 'default', ...metadata },
});
const labelled = (service: string) => ({ labels: { 'kubernetes.io/service-name': service } });
/** The version that the API server does not have. */
const unusable = { addressType: 'IPv5' };

describe('an invalid object of no Service keeps nothing', () => {
  test.each([
    ['a slice without a label', slice(unusable)],
    ['a slice with an empty label', slice(unusable, labelled(''))],
    ['a slice of a Service that does not exist', slice(unusable, labelled('nobody'))],
    ['a slice of another namespace', slice(unusable, { ...labelled('api'), namespace: 'other' })],
    ['a slice of nobody’s with port 70000', slice({ ports: [{ name: '', port: 70000 }] })],
    ['a Pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api' }, spec: 7 }],
    ['an object without a name', { apiVersion: 'v1', kind: 'Service', spec: { clusterIP: '10.96.0.9' } }],
    ['a misspelt object of another name', { apiVersion: 'v1', kind: 'Servise', metadata: { name: 'x' } }],
  ])('%s: a dead endpoint and a deleted Service go', async (_, bad) => {
    const node = await afterwards(before, web, webSlice, ...after, bad);
    expect(node.store.invalid()).toHaveLength(1);
    expect(serversOf(node)).toEqual([...webServers, ...apiServers]);
    expect(entriesOf(node, 'KUBE-LOOP-BACK')).toEqual([
      '10.244.1.3,tcp:8080,10.244.1.3',
      '10.244.1.4,tcp:8080,10.244.1.4',
      '10.244.1.5,tcp:8080,10.244.1.5',
    ]);
    expect(vipsOf(node)).toEqual(['10.96.0.1', '10.96.0.2']);
  });
});

describe('an invalid endpoint object keeps the endpoints of its own Service, and their hairpin entries', () => {
  const all = ['10.244.1.3,tcp:8080,10.244.1.3', '10.244.1.4,tcp:8080,10.244.1.4', '10.244.1.5,tcp:8080,10.244.1.5'];

  test.each([
    ['a slice', { ...webSlice, ...unusable }],
    ['a slice of an API version that is gone', { ...webSlice, apiVersion: 'discovery.k8s.io/v1beta1' }],
    ['an Endpoints object', { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'web' }, subsets: 7 }],
    ['an object with a misspelt kind', { apiVersion: 'v1', kind: 'Endpoint', metadata: { name: 'web' } }],
    ['a slice with a misspelt kind', { ...webSlice, kind: 'EndpointSlise' }],
  ])('%s', async (_, bad) => {
    const node = await afterwards(before, web, ...after, bad);
    expect(serversOf(node)).toEqual([...webServers, ...apiServers]);
    expect(entriesOf(node, 'KUBE-LOOP-BACK')).toEqual(all);
  });

  test('but none by an Endpoints object that does not count beside a slice', async () => {
    const bad = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'web' }, subsets: 7 };
    const node = await afterwards(before, web, onNodeA(sliceObject('web', ['10.244.1.3'])), ...after, bad);
    expect(serversOf(node)).toEqual([...webServers.slice(0, 2), ...apiServers]);
    expect(entriesOf(node, 'KUBE-LOOP-BACK')).toEqual([all[0], all[2]]);
  });

  test('and if it was valid before, only the endpoints that it listed then', async () => {
    const second = onNodeA(sliceObject('web', ['10.244.1.7'], { name: 'web-2' }));
    const node = await programmedNode([...before, second], setting);
    await node.put({ ...webSlice, ...unusable });
    await node.remove(second);
    expect(serversOf(node).filter(line => line.includes('10.96.0.1'))).toEqual(webServers);
    await node.remove({ ...webSlice, ...unusable });
    expect(serversOf(node)).toContain('A 10.96.0.1:80');
    expect(serversOf(node)).not.toContain(webServers[1]);
    expect(entriesOf(node, 'KUBE-LOOP-BACK').join()).not.toContain('10.244.1.3');
  });
});

describe('an invalid Service keeps its own elements', () => {
  const shop = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop', namespace: 'default' },
    spec: {
      clusterIP: '10.96.0.7',
      type: 'LoadBalancer',
      ports: [{ port: 80, nodePort: 30080 }],
      externalIPs: ['198.51.100.1'],
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 31000,
      loadBalancerSourceRanges: ['203.0.113.0/24'],
    },
    status: { loadBalancer: { ingress: [{ ip: '198.51.100.2' }] } },
  };
  const rival = (name: string, clusterIP: string, port: number) =>
    serviceObject(name, clusterIP, {
      type: 'NodePort',
      ports: [{ port, nodePort: 30000 + port }],
      externalIPs: ['198.51.100.1'],
    });
  const shopSlice = onNodeA(sliceObject('shop', ['10.244.1.8']));
  const earlier = [...before, shop, shopSlice, rival('old', '10.96.0.8', 81)];
  const changed = (spec: object) => ({ ...shop, spec: { ...shop.spec, ...spec } });
  const sets = [
    'KUBE-CLUSTER-IP',
    'KUBE-EXTERNAL-IP-LOCAL',
    'KUBE-LOAD-BALANCER',
    'KUBE-LOAD-BALANCER-FW',
    'KUBE-LOAD-BALANCER-LOCAL',
    'KUBE-LOAD-BALANCER-SOURCE-CIDR',
    'KUBE-NODE-PORT-TCP',
    'KUBE-NODE-PORT-LOCAL-TCP',
    'KUBE-HEALTH-CHECK-NODE-PORT',
    'KUBE-LOOP-BACK',
    'KUBE-IPVS-IPS',
  ];
  const stateOf = (node: ProgrammedNode) => ({
    servers: serversOf(node),
    vips: vipsOf(node),
    entries: sets.map(set => [set, entriesOf(node, set)]),
  });

  test.each([
    ['a policy that is not known', changed({ internalTrafficPolicy: 'Nearby' })],
    ['another kind of address before the cluster IP', changed({ clusterIP: '010.96.0.7 ', type: 'Balancer' })],
    ['a port in quotes', changed({ ports: [{ port: '80', nodePort: '30080' }] })],
    ['a misspelt kind', { ...shop, kind: 'Servise' }],
    ['an API version that does not exist', { ...shop, apiVersion: 'v2' }],
    ['a label that is no text', { ...shop, metadata: { ...{ name: 'shop', namespace: 'default' }, labels: { a: 1 } } }],
  ])('with %s, and others are removed', async (_, bad) => {
    const valid = await afterwards(earlier, ...after, shop, shopSlice);
    const node = await afterwards(earlier, ...after, bad, shopSlice);
    expect(node.store.invalid()).toHaveLength(1);
    const kept = stateOf(node);
    expect(kept).toEqual(stateOf(valid));
  });

  test('at any port if its own cannot be read', async () => {
    const node = await afterwards(earlier, ...after, changed({ ports: [{ port: 80808, nodePort: 30080 }] }), shopSlice);
    const kept = serversOf(node).filter(line => line.startsWith('A'));
    // Port 81 of the external IP was another Service's: nothing tells.
    expect(kept.map(line => line.slice(2)).filter(line => !line.endsWith(':30080'))).toEqual([
      '10.96.0.2:80',
      '10.96.0.7:80',
      '198.51.100.1:80',
      '198.51.100.1:81',
      '198.51.100.2:80',
    ]);
  });

  test('whose cluster IP cannot be read, as far as its endpoints show them', async () => {
    const node = await afterwards(before, ...after, serviceObject('web', '10.96.0.300'), webSlice);
    expect(serversOf(node)).toEqual([...webServers, ...apiServers]);
    expect(entriesOf(node, 'KUBE-CLUSTER-IP')).toEqual(['10.96.0.1,tcp:80', '10.96.0.2,tcp:80']);
    await node.put(onNodeA(sliceObject('web', ['10.244.1.4'])));
    expect(serversOf(node)).toEqual([...webServers, ...apiServers]);
  });

  test('which shows nothing of them, so nothing is kept', async () => {
    const node = await afterwards(before, ...after, { ...web, spec: 7 });
    expect(serversOf(node)).toEqual(apiServers);
  });

  test('that lacks its cluster IP or its ports', async () => {
    const { clusterIP: _, ...unassigned } = (web as { spec: { clusterIP: string } }).spec;
    for (const incomplete of [{ ...web, spec: unassigned }, serviceObject('web', '10.96.0.1', { ports: [] })]) {
      const node = await afterwards(before, ...after, incomplete, webSlice);
      expect(serversOf(node)).toEqual([...webServers, ...apiServers]);
    }
  });

  test('but not the cluster IP of another one that it names as external IP', async () => {
    const bad = serviceObject('web', '10.96.0.1', { externalIPs: ['10.96.0.9'], ports: [{ port: 80 }, { port: 0 }] });
    const node = await afterwards(before, ...after, bad, webSlice);
    expect(serversOf(node)).toEqual([...webServers, ...apiServers]);
    expect(vipsOf(node)).toEqual(['10.96.0.1', '10.96.0.2']);
  });

  test('and the entries of none that another Service needs to be without', async () => {
    const free = { ...serviceObject('free', '10.96.0.6', { type: 'LoadBalancer' }), status: shop.status };
    const open = serviceObject('open', '10.96.0.5', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
    const node = await afterwards([...before, shop], ...after, free, open, changed({ internalTrafficPolicy: 'Near' }));
    expect(serversOf(node)).toContain('A 198.51.100.2:80');
    expect(entriesOf(node, 'KUBE-LOAD-BALANCER-FW')).toEqual([]);
    expect(entriesOf(node, 'KUBE-NODE-PORT-TCP')).toEqual(['30080']);
    expect(entriesOf(node, 'KUBE-NODE-PORT-LOCAL-TCP')).toEqual([]);
  });
});

test('two invalid objects do not add up to more than each keeps', async () => {
  const bad = [
    serviceObject('web', '10.96.0.300'),
    { ...webSlice, ...unusable },
    { ...apiSlice, ...unusable, metadata: { name: 'bad', namespace: 'default', ...labelled('web') } },
  ];
  const node = await afterwards(before, ...after, ...bad);
  expect(node.store.invalid()).toHaveLength(3);
  expect(serversOf(node)).toEqual(apiServers);
});
