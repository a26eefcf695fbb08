import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';

/** Connections are remembered for minutes after their end, and there are thousands. */
export async function prepareForTraffic(sandbox: Sandbox): Promise<void> {
  await output(sandbox, ['modprobe', 'nf_conntrack']);
  await sandbox.writeFile('/proc/sys/net/netfilter/nf_conntrack_max', '262144');
}
