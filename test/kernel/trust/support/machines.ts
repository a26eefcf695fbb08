import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';

/** Makes the kernel forget thousands of ended connections sooner, which it remembers for minutes. */
export async function prepareForTraffic(sandbox: Sandbox): Promise<void> {
  await output(sandbox, ['modprobe', 'nf_conntrack']);
  await sandbox.writeFile('/proc/sys/net/netfilter/nf_conntrack_max', '262144');
}
