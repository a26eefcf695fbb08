import type { Cluster } from '../../src/cluster/cluster.js';
import { type Applied, applyPlan } from '../../src/node/apply.js';
import { readNode } from '../../src/node/read.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { type Comparison, compare } from '../../src/sync/compare.js';
import { type FakeKernel, type FakeNode, fakeNode, freshKernel } from './fake-node/index.js';

const wholeCluster = { namespace: undefined, allowEmpty: false };

/** Compares a node with what the cluster asks for, as sync does. */
export async function comparisonOn(node: FakeNode, cluster: Cluster, options: ProxyOptions): Promise<Comparison> {
  return compare(cluster, await readNode(node), options, wholeCluster);
}

/** Brings a node to what the cluster asks for, without a second look at it. */
export async function syncOnce(node: FakeNode, cluster: Cluster, options: ProxyOptions): Promise<Applied> {
  return applyPlan(node, (await comparisonOn(node, cluster, options)).plan);
}

/** A node on which a cluster has been programmed. */
export async function syncedNode(
  cluster: Cluster,
  options: ProxyOptions,
  kernel: FakeKernel = freshKernel(),
): Promise<FakeNode> {
  const node = fakeNode(kernel);
  await syncOnce(node, cluster, options);
  return node;
}
