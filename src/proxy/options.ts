import type { Family } from '../net/address.js';

/** `tutorial` programs what the chapter does and nothing more; `full` is the chapter grown up. */
export type Profile = 'full' | 'tutorial';

export interface Scheduler {
  readonly name: string;
  /** ipvsadm's flag numbers, ascending. */
  readonly flags: readonly number[];
}

/** What the user decides; names as kube-proxy's flags and configuration have them. */
export interface ProxyOptions {
  readonly nodeName: string;
  readonly profile: Profile;
  /** The Pods' network of each family: traffic from elsewhere to a ClusterIP is masqueraded. */
  readonly clusterCidrs: Readonly<Partial<Record<Family, string>>>;
  readonly masqueradeAll: boolean;
  /** The bit of a packet's mark that says `masquerade me`. */
  readonly masqueradeBit: number;
  readonly scheduler: Scheduler;
  readonly strictArp: boolean;
  /** Networks, or `primary` alone; empty means every local address. */
  readonly nodePortAddresses: readonly string[];
  /** Networks whose virtual servers are somebody else's. */
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
