import { expect } from 'vitest';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { kproxy } from '../../support/kproxy.js';
import { objects } from './cluster.js';
import { clusterCidr } from './network.js';
import { otherOptions } from './situations.js';

const serviceLabel = 'kubernetes.io/service-name';

interface NamedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Returns true for the objects of these Services, and for those that belong to no Service. */
const isOf =
  (services: readonly string[]) =>
  ({ kind, metadata }: NamedObject): boolean =>
    kind === 'Node' || services.includes(metadata.labels?.[serviceLabel] ?? metadata.name);

/** Programs the node under test for the table's cluster, or for some Services of it. */
export async function syncNode(
  sandbox: Sandbox,
  services?: readonly string[],
  options: readonly string[] = [],
): Promise<void> {
  const argv = ['sync', '--from', '-', '--node', 'node', '--cluster-cidr', clusterCidr, ...options];
  const list = JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: services ? objects.filter(isOf(services)) : objects,
  });
  const { stderr, exitCode } = await kproxy(sandbox, 'node', argv, list);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
}

/** Programs the node with the options of `withOtherOptions`. */
export const syncWithOtherOptions = (sandbox: Sandbox): Promise<void> =>
  syncNode(sandbox, undefined, ['--masquerade-all', '--nodeport-addresses', otherOptions.nodePortAddresses.join(',')]);
