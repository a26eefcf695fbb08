import type { ApiServerAddress } from '../cluster/api-servers.js';
import type { Family } from '../net/address.js';

/** `tutorial` programs what the tutorial does and nothing more. `full` adds what real clusters need. */
export type Profile = 'full' | 'tutorial';

export interface Scheduler {
  readonly name: string;
  /** ipvsadm's flag numbers, ascending. */
  readonly flags: readonly number[];
}

/** One network of each family, in canonical form. */
export type NetworkPerFamily = Readonly<Partial<Record<Family, string>>>;

/** How packets of this node's Pods are recognized (kube-proxy's `detectLocalMode`). */
export type LocalDetection =
  /** By the Pods' networks in `clusterCidrs`. */
  | { readonly by: 'ClusterCIDR' }
  /** By the networks of this node's Pods: the podCIDRs of its Node object. Undefined until the Node has some. */
  | { readonly by: 'NodeCIDR'; readonly networks?: NetworkPerFamily }
  | { readonly by: 'BridgeInterface'; readonly name: string }
  | { readonly by: 'InterfaceNamePrefix'; readonly prefix: string };

/** How long IPVS keeps idle connections, in seconds. Zero leaves the kernel's value. */
export interface IpvsTimeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}

/** The limits of conntrack. Timeouts are in seconds; zero leaves the kernel's value. */
export interface ConntrackOptions {
  /** Tracked connections for each processor. Zero leaves the kernel's limit, whatever `min` is. */
  readonly maxPerCore: number;
  readonly min: number;
  readonly tcpEstablishedTimeout: number;
  readonly tcpCloseWaitTimeout: number;
  readonly tcpBeLiberal: boolean;
  readonly udpTimeout: number;
  readonly udpStreamTimeout: number;
}

/** What the user decides. Names are those of kube-proxy's flags and configuration. */
export interface ProxyOptions {
  readonly nodeName: string;
  readonly profile: Profile;
  /** The Pods' network of each family. Traffic from elsewhere to a cluster IP is masqueraded. */
  readonly clusterCidrs: NetworkPerFamily;
  readonly localDetection: LocalDetection;
  readonly masqueradeAll: boolean;
  /** The bit of a packet's mark that requests masquerading. */
  readonly masqueradeBit: number;
  readonly scheduler: Scheduler;
  readonly strictArp: boolean;
  /** The node's primary address of its family, in place of the Node object's. Undefined if not overridden. */
  readonly bindAddress: string | undefined;
  /** Networks, and the keywords of `node-addresses.ts`. Empty means every local address. */
  readonly nodePortAddresses: readonly string[];
  /** Serves `spec.externalIPs` (kube-proxy's feature gate AllowServiceExternalIPs). */
  readonly servesExternalIps: boolean;
  /** Networks whose virtual servers belong to other software. */
  readonly excludeCidrs: readonly string[];
  /** The API servers as this kproxy reaches them. */
  readonly apiServers: readonly ApiServerAddress[];
  /** Serves external IPs and load balancer addresses that are the API server's or a gateway of the node. */
  readonly allowsExternalIpTakeover: boolean;
  /** The most elements that one Service may claim. */
  readonly maxServiceElements: number;
  readonly ipvsTimeouts: IpvsTimeouts;
  readonly conntrack: ConntrackOptions;
}

/** kube-proxy's defaults. */
export const defaultOptions: Omit<ProxyOptions, 'nodeName'> = {
  profile: 'full',
  clusterCidrs: {},
  localDetection: { by: 'ClusterCIDR' },
  masqueradeAll: false,
  masqueradeBit: 14,
  scheduler: { name: 'rr', flags: [] },
  strictArp: false,
  bindAddress: undefined,
  nodePortAddresses: [],
  servesExternalIps: true,
  excludeCidrs: [],
  apiServers: [],
  allowsExternalIpTakeover: false,
  maxServiceElements: 100_000,
  ipvsTimeouts: { tcp: 0, tcpFin: 0, udp: 0 },
  conntrack: {
    maxPerCore: 32_768,
    min: 131_072,
    tcpEstablishedTimeout: 86_400,
    tcpCloseWaitTimeout: 3_600,
    tcpBeLiberal: false,
    udpTimeout: 0,
    udpStreamTimeout: 0,
  },
};
