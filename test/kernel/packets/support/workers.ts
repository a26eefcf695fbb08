import { fileURLToPath } from 'node:url';
import { beforeAll, expect } from 'vitest';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { bootMilliseconds, useNetwork } from '../../support/guest.js';
import { kproxy } from '../../support/kproxy.js';
import { keep } from './leave-out.js';
import { reportEveryError } from './table.js';
import { topology, vip } from './tutorial-flows.js';

/** The file with the objects of the tutorial's cluster. */
export const tutorialCluster = fileURLToPath(new URL('../tutorial.yaml', import.meta.url));

/** Syncs, and returns the summary, the last line of what sync prints. */
export async function sync(sandbox: Sandbox, node: string, profile: string): Promise<string> {
  const scope = ['--from', tutorialCluster, '--node', node, '--profile', profile, '--cluster-cidr', '10.244.0.0/16'];
  const { exitCode, stdout, stderr } = await kproxy(sandbox, node, ['sync', ...scope]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

/** Commands for what the files of `keep` do not have. */
const others = [
  `ip address replace ${vip}/32 dev kube-ipvs0`,
  'bridge link set dev web-inajob hairpin on',
  ...['ipv4/ip_forward', 'ipv4/vs/conntrack', 'bridge/bridge-nf-call-iptables'].map(
    path => `echo 1 >/proc/sys/net/${path}`,
  ),
];

/** Programs both workers. `putBack` restores what was left out on inajob. */
export function useWorkers(profile: string) {
  const sandbox = useNetwork(topology);
  let putBack = async () => {};
  beforeAll(async () => {
    await reportEveryError(sandbox(), ['inajob', 'yuanying']);
    await Promise.all(['inajob', 'yuanying'].map(node => sync(sandbox(), node, profile)));
    putBack = await keep(sandbox(), 'inajob', others);
  }, bootMilliseconds);
  return { sandbox, putBack: () => putBack() };
}
