import type { Family } from '../net/address.js';

/** `tutorial` programs what the tutorial does and nothing more. `full` adds what real clusters need. */
export type Profile = 'full' | 'tutorial';

export interface Scheduler {
  readonly name: string;
  /** ipvsadm's flag numbers, ascending. */
  readonly flags: readonly number[];
}

/** What the user decides. Names are those of kube-proxy's flags and configuration. */
export interface ProxyOptions {
  readonly nodeName: string;
  readonly profile: Profile;
  /** The Pods' network of each family. Traffic from elsewhere to a cluster IP is masqueraded. */
  readonly clusterCidrs: Readonly<Partial<Record<Family, string>>>;
  readonly masqueradeAll: boolean;
  /** The bit of a packet's mark that requests masquerading. */
  readonly masqueradeBit: number;
  readonly scheduler: Scheduler;
  readonly strictArp: boolean;
  /** Networks, or `primary` alone. Empty means every local address. */
  readonly nodePortAddresses: readonly string[];
  /** Networks whose virtual servers belong to other software. */
  readonly excludeCidrs: readonly string[];
}

export const defaultOptions: Omit<ProxyOptions, 'nodeName'> = {
  profile: 'full',
  clusterCidrs: {},
  masqueradeAll: false,
  masqueradeBit: 14,
  scheduler: { name: 'rr', flags: [] },
  strictArp: false,
  nodePortAddresses: [],
  excludeCidrs: [],
};
