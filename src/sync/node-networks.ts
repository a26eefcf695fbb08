import { KproxyError } from '../errors.js';
import { withNodeNetworks } from '../proxy/local-detection.js';
import type { ProxyOptions } from '../proxy/options.js';
import { isUnknownNode, type KnownNodes, nodeNamesOf, unknownNode } from './node-name.js';

/**
 * Returns the options with the networks of this node's Pods, if local traffic is detected by them. Nothing may be
 * programmed without: every packet from a Pod to a cluster IP would be treated as one from elsewhere, or the reverse.
 * @throws KproxyError (`node-unknown`, `node-networks-missing`)
 */
export function requireNodeNetworks(options: ProxyOptions, cluster: KnownNodes): ProxyOptions {
  if (options.localDetection.by !== 'NodeCIDR') return options;
  const known = { ...cluster, nodes: [...cluster.nodes] };
  const resolved = withNodeNetworks(options, known.nodes);
  if (lacksNodeNetworks(resolved)) throw nodeNetworksMissing(options.nodeName, known);
  return resolved;
}

/** Returns true if local traffic is detected by the networks of this node's Pods, and they are not known. */
export const lacksNodeNetworks = ({ localDetection }: Pick<ProxyOptions, 'localDetection'>): boolean =>
  localDetection.by === 'NodeCIDR' && localDetection.networks === undefined;

/** Says why the networks are not known, as a sentence without its period. */
export const missingText = (nodeName: string, known: KnownNodes): string =>
  `detectLocalMode NodeCIDR: ${reasonText(nodeName, known)}`;

function reasonText(nodeName: string, { nodes, invalid }: KnownNodes): string {
  const name = JSON.stringify(nodeName);
  for (const { metadata } of nodes) if (metadata.name === nodeName) return `the Node ${name} has no podCIDRs`;
  const isInvalid = invalid.some(object => object.kind === 'Node' && object.name === nodeName);
  return `${isInvalid ? `the Node ${name} is invalid` : `no Node named ${name} was read`}, so its podCIDRs are unknown`;
}

/** Returns the error for networks that are not known: the name may be wrong. */
export function nodeNetworksMissing(nodeName: string, known: KnownNodes, evidence = ''): KproxyError {
  const names = nodeNamesOf(known);
  if (isUnknownNode(nodeName, known)) return unknownNode(nodeName, names.count === 0 ? undefined : names);
  return new KproxyError({
    code: 'node-networks-missing',
    message: missingText(nodeName, known),
    evidence,
    advice:
      'Start kube-controller-manager with --allocate-node-cidrs, or detect local traffic in another way ' +
      '(--cluster-cidr, or detectLocalMode BridgeInterface or InterfaceNamePrefix). Nothing was changed.',
  });
}
