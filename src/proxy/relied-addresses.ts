import type { ApiServerAddress } from '../cluster/api-servers.js';
import type { Cluster } from '../cluster/cluster.js';
import { addressAndPort, canonicalAddress } from '../net/address.js';
import { isInNetwork } from '../net/network.js';
import type { Protocol } from '../net/protocol.js';
import type { VirtualServer } from '../node/element.js';
import { addressesOf, type NodeFacts } from '../node/facts.js';
import { virtualServerText } from '../node/tools/text.js';
import type { Claim } from './claim.js';
import { type Endpoint, endpointsFrom, type FindSources } from './endpoint.js';
import type { ProxyOptions } from './options.js';
import { isAsked } from './precedence.js';

/** The claims of a Service that do not cut the node off, and lines for the user about the others. */
export interface WithoutRelied {
  readonly claims: readonly Claim[];
  /** What is left out. */
  readonly problems: readonly string[];
  /** What is served although the node, or another one, needs the address. */
  readonly warnings: readonly string[];
}

/** Why a virtual server would cut something off. */
interface Verdict {
  /** The end of a sentence: `is the gateway of this node`. */
  readonly why: string;
  readonly isLeftOut: boolean;
  /** The packets that the Service gets. Default: those that this node sends there. */
  readonly packets?: string;
}

type Judge = (server: VirtualServer) => Verdict | undefined;

const nothing: readonly string[] = [];

/**
 * Returns a function that leaves out external IPs and load balancer addresses that would cut this node off: a bound VIP
 * takes every packet of the node to that address (CVE-2020-8554). kube-proxy binds them all. What only others need is
 * served, and named.
 */
export function leaveRelied(
  cluster: Pick<Cluster, 'nodes' | 'nodeAddresses'>,
  sourcesOf: FindSources,
  options: ProxyOptions,
  facts: NodeFacts,
): (claims: readonly Claim[]) => WithoutRelied {
  const judge = judgeIn(cluster, [...options.apiServers, ...advertisedApiServers(sourcesOf)], options, facts);
  return claims => {
    const judged = claims.flatMap(({ element, claimant }) => {
      if (element.kind !== 'virtual-server' || !isAsked(claimant.title)) return [];
      const verdict = judge(element);
      return verdict === undefined ? [] : [{ element, claimant, ...verdict }];
    });
    if (judged.length === 0) return { claims, problems: nothing, warnings: nothing };
    const left = judged.filter(({ isLeftOut }) => isLeftOut && !options.allowsExternalIpTakeover);
    const served = judged.filter(one => !left.includes(one));
    const keys = new Set(left.map(({ claimant }) => claimant.virtualServer));
    return {
      claims: claims.filter(
        ({ claimant }) => claimant.virtualServer === undefined || !keys.has(claimant.virtualServer),
      ),
      problems: left.map(
        ({ element, claimant, why }) =>
          `${claimant.servicePort}: ${virtualServerText(element)}: the ${claimant.title} ${why} and is left out ` +
          '(--allow-external-ip-takeover serves it)',
      ),
      warnings: served.map(
        ({ element, claimant, why, packets = 'what this node sends there' }) =>
          `${claimant.servicePort}: ${virtualServerText(element)}: the ${claimant.title} ${why}, and ${packets} now ` +
          'ends at the Service',
      ),
    };
  };
}

function judgeIn(
  { nodes, nodeAddresses = new Map() }: Pick<Cluster, 'nodes' | 'nodeAddresses'>,
  apiServers: readonly ApiServerAddress[],
  { nodeName, clusterCidrs }: ProxyOptions,
  facts: NodeFacts,
): Judge {
  const local = addressesOf(facts);
  const podNetworks = Object.values(clusterCidrs);
  const left = new Map(metadataServers.map(address => [address, 'is the metadata server of a cloud']));
  const named = new Map<string, string>();
  for (const [address, name] of nodeAddresses)
    if (name !== nodeName) named.set(address, `is the address of Node ${name}`);
  for (const { metadata, status } of nodes)
    for (const { type, address } of metadata.name === nodeName ? [] : (status?.addresses ?? []))
      if (type === 'InternalIP') named.set(canonicalAddress(address) ?? '', `is the address of Node ${metadata.name}`);
  for (const { address, as } of facts.relied ?? [])
    (as === 'gateway' ? left : named).set(address, `is the ${as} of this node`);
  for (const { address } of apiServers) left.set(address, 'is the address of the API server');
  const apiPorts = new Set(apiServers.map(({ address, port }) => addressAndPort(address, port)));
  return ({ address, port, protocol }) => {
    // An address of the node itself is not bound: only the very port is taken.
    if (local.has(address)) {
      const isApiServer = protocol === 'TCP' && apiPorts.has(addressAndPort(address, port));
      return isApiServer
        ? { why: 'is the address and port of the API server', isLeftOut: true }
        : ownPort(protocol, port);
    }
    const why = left.get(address);
    if (why !== undefined) return { why, isLeftOut: true };
    // Bound on this node, the address of a Pod would be out of reach, also for the Service that it belongs to.
    if (podNetworks.some(network => isInNetwork(address, network)))
      return { why: 'is in the network of the Pods', isLeftOut: true };
    const other = named.get(address) ?? (address.startsWith('169.254.') ? 'is a link-local address' : undefined);
    return other === undefined ? undefined : { why: other, isLeftOut: false };
  };
}

/** They hand out the credentials of the node: those of Amazon and others, Google, Azure, Alibaba and Oracle. */
const metadataServers = [
  '169.254.169.254',
  'fd00:ec2::254',
  'fd20:ce::254',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
];

/** The programs that look after a node and listen on its own addresses, by their usual TCP port. */
const programsOfNodes: ReadonlyMap<number, string> = new Map([
  [22, 'SSH server'],
  [2379, 'etcd'],
  [2380, 'etcd'],
  [10_250, 'kubelet'],
]);

function ownPort(protocol: Protocol, port: number): Verdict | undefined {
  const program = protocol === 'TCP' ? programsOfNodes.get(port) : undefined;
  if (program === undefined) return undefined;
  const why = `is an address of this node, whose ${program} usually has this port`;
  return { why, isLeftOut: false, packets: 'what arrives there' };
}

/** The Service whose endpoints are the API servers. The API servers themselves write them. */
export const apiServerService = 'default/kubernetes';

/** Returns the API servers as the cluster advertises them. */
function advertisedApiServers(sourcesOf: FindSources): readonly ApiServerAddress[] {
  const find = endpointsFrom(sourcesOf(apiServerService), '');
  const query = { portName: 'https', protocol: 'TCP' } as const;
  return (['IPv4', 'IPv6'] as const).flatMap((family): readonly Endpoint[] => find({ ...query, family }));
}
