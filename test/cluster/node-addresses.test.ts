import { expect, test } from 'vitest';
import { readNodeAddresses } from '../../src/cluster/node-addresses.js';
import type { Service } from '../../src/cluster/schema/service.js';
import { readClusterForNode } from '../../src/commands/shared/read-cluster.js';
import { asksForAddresses } from '../../src/proxy/service-port.js';
import { serviceObject } from '../support/sample-objects.js';
import { fakeCluster } from './fake-kubectl.js';

const node = (name: string, addresses: readonly object[]) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { addresses },
});
const nodes = [
  node('one', [{ type: 'InternalIP', address: '10.10.0.11' }]),
  node('two', [
    { type: 'Hostname', address: 'two' },
    { type: 'InternalIP', address: 'FD00::0:12' },
  ]),
  node('three', []),
];
const withExternal = { ...serviceObject('web', '10.96.0.1', { externalIPs: ['10.10.0.11'] }), apiVersion: 'v1' };
const plain = { ...serviceObject('web', '10.96.0.1'), apiVersion: 'v1' };
const tableCalls = (calls: readonly string[]) => calls.filter(call => call.startsWith('get nodes'));

/** Reads a cluster as the command-line does. */
async function read(objects: readonly object[], options = {}) {
  const { kubectl, calls } = fakeCluster(objects, options);
  const lines: string[] = [];
  const io = { stdout: () => {}, stderr: (text: string) => void lines.push(text), readStdin: async () => '' };
  const source = { from: [], kubectl, namespace: undefined };
  const cluster = await readClusterForNode(source, 'one', io as unknown as Parameters<typeof readClusterForNode>[2]);
  return { cluster, lines, calls };
}

test('the first InternalIP of each Node is read in its canonical form', async () => {
  const found = await readNodeAddresses(fakeCluster(nodes).kubectl);
  expect([...found]).toEqual([
    ['10.10.0.11', 'one'],
    ['fd00::12', 'two'],
  ]);
});

test('a Node whose version is not known moves the columns', async () => {
  const line = 'new   NotReady   <none>   5s             10.10.0.13   <none>   <unknown>   <unknown>';
  const found = await readNodeAddresses(async () => ({ stdout: `${line}\n`, stderr: '', exitCode: 0 }));
  expect([...found]).toEqual([['10.10.0.13', 'new']]);
});

test('an address that may be that of a Node is an external IP or the address of a load balancer', () => {
  const ingress = { status: { loadBalancer: { ingress: [{ ip: '10.10.0.11' }] } } };
  const asks = (service: object) => asksForAddresses([service as Service]);
  expect([withExternal, { ...plain, ...ingress }, plain].map(asks)).toEqual([true, true, false]);
});

test('Nodes are asked for once if a Service has an external IP, and else not at all', async () => {
  const asked = await read([withExternal, ...nodes]);
  expect(tableCalls(asked.calls)).toHaveLength(1);
  expect(asked.cluster.nodeAddresses?.get('10.10.0.11')).toBe('one');
  expect(tableCalls((await read([plain, ...nodes])).calls)).toEqual([]);
});

test('Nodes that may not be read are said once, and everything else goes on', async () => {
  const { cluster, lines } = await read([withExternal, ...nodes], { forbidsNodes: true });
  expect(cluster.services).toHaveLength(1);
  expect(lines).toEqual([expect.stringMatching(/^the addresses of other Nodes are not known, .*kubectl get nodes/)]);
});
