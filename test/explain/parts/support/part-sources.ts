import type { Cluster } from '../../../../src/cluster/cluster.js';
import type { PartSources } from '../../../../src/explain/parts/part.js';
import { actualState } from '../../../../src/node/actual-state.js';
import { readNode } from '../../../../src/node/read.js';
import { diff } from '../../../../src/plan/diff.js';
import type { ProxyOptions } from '../../../../src/proxy/options.js';
import { type FakeKernel, fakeNode, parse } from '../../../support/fake-node/index.js';
import { parityFacts } from '../../../support/parity-case.js';
import { reconcileFromNothing } from '../../../support/situation.js';
import { reconciliationOn, syncedNode } from '../../../support/synced-node.js';
import { datapathOfKernel } from '../../support/datapath-of-kernel.js';

/** Returns what explains the parts of a node on which a cluster is programmed, after a damage to its kernel. */
export async function sourcesOf(
  cluster: Cluster,
  options: ProxyOptions,
  damage: (kernel: FakeKernel) => void = () => undefined,
): Promise<PartSources> {
  const { kernel } = await syncedNode(cluster, options);
  damage(kernel);
  const node = fakeNode(kernel);
  const { desired, isOwn } = await reconciliationOn(node, cluster, options);
  const actual = actualState((await readNode(node)).findings);
  return { options, desired, actual: datapathOfKernel(kernel), changes: diff(actual, desired.state, isOwn) };
}

/** Returns a damage by lines of a kernel's text: `ipset add KUBE-CLUSTER-IP 10.0.0.1,tcp:80`. */
export const lines =
  (text: string) =>
  (kernel: FakeKernel): void => {
    parse(text, kernel);
  };

/** Returns what explains the parts of a node that is not read. */
export const sourcesFromAfar = (cluster: Cluster, options: ProxyOptions): PartSources => ({
  options,
  desired: reconcileFromNothing(cluster, options, parityFacts).desired,
  actual: undefined,
  changes: [],
});

/** Returns what a function throws, or undefined. */
export function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
