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
  const items = services ? objects.filter(isOf(services)) : objects;
  await syncObjects(sandbox, items, ['--cluster-cidr', clusterCidr, ...options]);
}

async function syncObjects(sandbox: Sandbox, items: readonly NamedObject[], options: readonly string[]) {
  const argv = ['sync', '--from', '-', '--node', 'node', ...options];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const { stderr, exitCode } = await kproxy(sandbox, 'node', argv, list);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
}

/** Programs the node with the options of `withOtherOptions`. */
export const syncWithOtherOptions = (sandbox: Sandbox): Promise<void> =>
  syncNode(sandbox, undefined, ['--masquerade-all', '--nodeport-addresses', otherOptions.nodePortAddresses.join(',')]);

/** Programs the node with these fields of a KubeProxyConfiguration, and kproxy's defaults otherwise. */
export async function syncConfigured(sandbox: Sandbox, fields: Readonly<Record<string, unknown>>): Promise<void> {
  const configuration = { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', ...fields };
  await sandbox.writeFile('/tmp/kproxy.json', JSON.stringify(configuration));
  await syncObjects(sandbox, objects, ['--config', '/tmp/kproxy.json']);
}
