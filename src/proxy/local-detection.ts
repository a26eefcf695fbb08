import type { Node } from '../cluster/schema/node.js';
import { type Family, families, familyOf } from '../net/address.js';
import type { Rule } from '../node/element.js';
import type { NetworkPerFamily, ProxyOptions } from './options.js';

/** Matches packets that do not come from a Pod. */
export interface NotLocal {
  /** In the words of iptables, as iptables-save orders them: before all `-m`. */
  readonly match: Rule;
  /** A whole sentence about these packets, and one about all others. */
  readonly why: string;
}

type DetectionOptions = Pick<ProxyOptions, 'clusterCidrs' | 'localDetection'>;

/**
 * Returns the match of packets that do not come from a Pod, or undefined if nothing tells them apart in this family
 * (kube-proxy's getLocalDetectors). Packets of this node's own processes match too: they come in through no device.
 */
export function notLocal({ clusterCidrs, localDetection }: DetectionOptions, family: Family): NotLocal | undefined {
  switch (localDetection.by) {
    case 'ClusterCIDR':
      return notFrom(clusterCidrs[family], "the Pods' network", 'Pods keep their address.');
    case 'NodeCIDR':
      return notFrom(localDetection.networks?.[family], "this node's Pod network", ownPodsKeep);
    case 'BridgeInterface':
      return notThrough(localDetection.name, `the bridge ${localDetection.name}`);
    case 'InterfaceNamePrefix':
      return notThrough(`${localDetection.prefix}+`, `a device whose name begins with ${localDetection.prefix}`);
  }
}

const ownPodsKeep = 'Pods of this node keep their address.';

const notFrom = (network: string | undefined, what: string, others: string): NotLocal | undefined =>
  network === undefined
    ? undefined
    : {
        match: ['!', '-s', network],
        why: `Sources outside ${what} ${network} are answered through this node. ${others}`,
      };

const notThrough = (device: string, what: string): NotLocal => ({
  match: ['!', '-i', device],
  why:
    `Packets that do not arrive on ${what}, such as those of this node's own processes, are answered through this ` +
    `node. ${ownPodsKeep}`,
});

/** Returns true for a device through which packets of this node's Pods come in, if devices tell them apart. */
export const isPodDevice = ({ localDetection }: Pick<ProxyOptions, 'localDetection'>, device: string): boolean =>
  (localDetection.by === 'BridgeInterface' && device === localDetection.name) ||
  (localDetection.by === 'InterfaceNamePrefix' && device.startsWith(localDetection.prefix));

/** Returns the networks of the Pods of the whole cluster and of this node, as far as the options name them. */
export const podNetworks = ({ clusterCidrs, localDetection }: DetectionOptions, family: Family): readonly string[] =>
  [clusterCidrs[family], localDetection.by === 'NodeCIDR' ? localDetection.networks?.[family] : undefined].filter(
    network => network !== undefined,
  );

/**
 * Returns the options with the podCIDRs of the node's Node, if local traffic is detected by them. If the Node is
 * unknown or has none, the options keep the networks they have: a node that was programmed stays so.
 */
export function withNodeNetworks<Options extends Pick<ProxyOptions, 'nodeName' | 'localDetection'>>(
  options: Options,
  nodes: Iterable<Node>,
): Options {
  if (options.localDetection.by !== 'NodeCIDR') return options;
  for (const node of nodes) {
    if (node.metadata.name !== options.nodeName) continue;
    const networks = firstPerFamily(podCidrs(node));
    if (Object.keys(networks).length > 0) return { ...options, localDetection: { by: 'NodeCIDR', networks } };
  }
  return options;
}

/** Returns the networks of a node's Pods. Nodes of before Kubernetes 1.16 have only the one. */
export const podCidrs = ({ spec }: Node): readonly string[] =>
  spec?.podCIDRs?.length ? spec.podCIDRs : spec?.podCIDR ? [spec.podCIDR] : [];

const firstPerFamily = (networks: readonly string[]): NetworkPerFamily =>
  Object.fromEntries(
    families.flatMap(family => {
      const first = networks.find(network => familyOf(network) === family);
      return first === undefined ? [] : [[family, first]];
    }),
  );
