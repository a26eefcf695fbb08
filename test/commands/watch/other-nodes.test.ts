import { expect, test } from 'vitest';
import { knowOtherNodes } from '../../../src/commands/watch/other-nodes.js';
import { fakeCluster } from '../../cluster/fake-kubectl.js';
import { serviceObject } from '../../support/sample-objects.js';
import { programmedNode, sliceObject } from '../../sync/support/programmed-node.js';

const other = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'other' },
  status: { addresses: [{ type: 'InternalIP', address: '10.10.0.12' }] },
};
const slice = sliceObject('web', ['10.244.1.3']);
const withExternal = serviceObject('web', '10.96.0.1', { externalIPs: ['10.10.0.12'] });

/** A node with its watch's observer, and a clock. */
async function watched(objects: readonly object[], options = {}) {
  const cluster = fakeCluster([other], options);
  const node = await programmedNode(objects);
  const lines: string[] = [];
  let minutes = 0;
  const observer = knowOtherNodes(
    cluster.kubectl,
    line => void lines.push(line),
    () => minutes * 60_000,
  );
  return {
    lines,
    calls: cluster.calls,
    wait: (some: number) => {
      minutes += some;
    },
    /** Syncs everything, and lets the observer do what it does afterwards. */
    async syncAll() {
      const result = await node.programmer.syncAll();
      observer.onSynced?.({ result, changes: [], isWhole: true, milliseconds: 1 }, node.store);
      await new Promise(resolve => setImmediate(resolve));
      return [...result.desired.warnings.values()].flat();
    },
    node,
  };
}

test('a Service that takes the address of another Node is named from the second full sync on', async () => {
  const { syncAll, node } = await watched([withExternal, slice]);
  expect(await syncAll()).toEqual([]);
  expect(await syncAll()).toEqual([expect.stringContaining('the external IP is the address of Node other')]);
  await node.put(serviceObject('web', '10.96.0.1'));
  expect(await syncAll()).toEqual([]);
});

test('the Nodes are asked for every ten minutes at most', async () => {
  const { syncAll, wait, calls } = await watched([withExternal, slice]);
  for (let minute = 0; minute <= 10; minute += 1) {
    await syncAll();
    wait(1);
  }
  expect(calls).toHaveLength(2);
});

test('the Nodes are not asked for without such a Service', async () => {
  const { syncAll, calls } = await watched([serviceObject('web', '10.96.0.1'), slice]);
  await syncAll();
  expect(calls).toEqual([]);
});

test('Nodes that cannot be read are said once', async () => {
  const { syncAll, wait, lines, calls } = await watched([withExternal, slice], { forbidsNodes: true });
  await syncAll();
  wait(11);
  await syncAll();
  expect(calls).toHaveLength(2);
  expect(lines).toEqual([expect.stringMatching(/^the addresses of other Nodes are not known, /)]);
});
