import { expect } from 'vitest';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { kproxy } from '../../support/kproxy.js';
import { objects } from './cluster.js';
import { clusterCidr } from './network.js';
import { otherOptions } from './situations.js';

/** Programs the node under test for the table's cluster. */
export async function syncNode(sandbox: Sandbox, ...options: readonly string[]): Promise<void> {
  const argv = ['sync', '--from', '-', '--node', 'node', '--cluster-cidr', clusterCidr, ...options];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const { stderr, exitCode } = await kproxy(sandbox, 'node', argv, list);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
}

/** Programs the node with the options of `withOtherOptions`. */
export const syncWithOtherOptions = (sandbox: Sandbox): Promise<void> =>
  syncNode(sandbox, '--masquerade-all', '--nodeport-addresses', otherOptions.nodePortAddresses.join(','));
