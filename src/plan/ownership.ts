import type { Family } from '../net/address.js';
import { isInNetwork } from '../net/network.js';
import type { Element, Entry, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { familyOfSet, ipvsDevice, kernelSetNames, type SetName } from '../node/names.js';
import { elementsOf, type NodeState } from '../node/state.js';
import { virtualServerOfEntry, virtualServerText } from '../node/tools/text.js';
import { withoutTemporarySets } from './temporary-entries.js';

export interface OwnershipOptions {
  /** The node's own addresses, on which node ports are served. */
  readonly nodeAddresses: ReadonlySet<string>;
  /** Networks whose virtual servers belong to other software. */
  readonly excludeCidrs: readonly string[];
  /** Returns true for the key of a virtual server that a Service claims. */
  readonly isClaimed: (virtualServer: string) => boolean;
  /** True for a part of a node that kproxy itself programmed: every virtual server in it is then kproxy's. */
  readonly isProgrammed: boolean;
  /** Families whose rules cannot be read. Their sets stay, because those rules may name them. */
  readonly unknownRules: ReadonlySet<Family>;
}

/** Returns true if an element on the node is kproxy's to remove. */
export type IsOwn = (element: Element) => boolean;

/**
 * Returns which elements of a node are kproxy's: its sets and chains by name, the IPVS device with its addresses, and
 * virtual servers that have an address on that device, or that the kernel's sets list as a cluster IP, or on one of the
 * node's own addresses as a node port or external address. Modules and sysctls are set and never removed.
 */
export function ownership(actual: NodeState, options: OwnershipOptions): IsOwn {
  const isOwnServer = serverOwnership(actual, options);
  return element => {
    switch (element.kind) {
      case 'set':
        return !options.unknownRules.has(familyOfSet(element.name));
      case 'module':
      case 'sysctl':
        return false;
      case 'link':
        return element.name === ipvsDevice;
      case 'virtual-server':
        return isOwnServer(element);
      case 'real-server':
        // A Service owns all real servers of its virtual server, even in excluded networks: a leftover one would keep
        // receiving connections.
        return isOwnServer(element.server) || options.isClaimed(virtualServerKey(element.server));
      default:
        return true;
    }
  };
}

type IsOwnServer = (server: VirtualServerAddress) => boolean;

function serverOwnership(actual: NodeState, options: OwnershipOptions): IsOwnServer {
  const { excludeCidrs, isProgrammed, nodeAddresses } = options;
  const evidence = lazily(() => evidenceIn(actual));
  const isListed: IsOwnServer = server =>
    evidence().nodePorts.has(`${server.protocol} ${server.port}`) || evidence().external.has(virtualServerText(server));
  return server =>
    !excludeCidrs.some(network => isInNetwork(server.address, network)) &&
    (isProgrammed ||
      evidence().vips.has(server.address) ||
      evidence().clusterIps.has(virtualServerText(server)) ||
      (nodeAddresses.has(server.address) && isListed(server)));
}

/** What on a node shows that a virtual server is kproxy's. */
interface Evidence {
  /** The addresses on the IPVS device. */
  readonly vips: ReadonlySet<string>;
  /** `TCP 10.96.0.1:80` for every cluster IP in the kernel's sets. The kernel removes VIPs if IPv6 is switched off. */
  readonly clusterIps: ReadonlySet<string>;
  /** `TCP 30080` for every node port in the kernel's sets. */
  readonly nodePorts: ReadonlySet<string>;
  /** `TCP 10.10.0.11:80` for every external address and load balancer VIP in the kernel's sets. */
  readonly external: ReadonlySet<string>;
}

function evidenceIn(actual: NodeState): Evidence {
  const entries = elementsOf(withoutTemporarySets(actual), 'entry');
  return {
    vips: new Set(elementsOf(actual, 'address').map(address => address.address)),
    nodePorts: nodePortsIn(entries),
    clusterIps: serversIn(entries, clusterIpSets),
    external: serversIn(entries, externalSets),
  };
}

/** Computes a value on first use. Without removals, evidence is never needed. */
function lazily<Value extends object>(compute: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

const kernelNames = (...names: readonly SetName[]): ReadonlySet<string> => new Set(kernelSetNames(...names));
const tcpSets = kernelNames('KUBE-NODE-PORT-TCP');
const udpSets = kernelNames('KUBE-NODE-PORT-UDP');
const sctpSets = kernelNames('KUBE-NODE-PORT-SCTP-HASH');

function nodePortsIn(entries: readonly Entry[]): ReadonlySet<string> {
  const ports = new Set<string>();
  for (const { set, value } of entries) {
    if (tcpSets.has(set)) ports.add(`TCP ${value}`);
    else if (udpSets.has(set)) ports.add(`UDP ${value}`);
    else if (sctpSets.has(set)) ports.add(`SCTP ${value.slice(value.lastIndexOf(':') + 1)}`);
  }
  return ports;
}

const clusterIpSets = kernelNames('KUBE-CLUSTER-IP');
const externalSets = kernelNames(
  'KUBE-EXTERNAL-IP',
  'KUBE-EXTERNAL-IP-LOCAL',
  'KUBE-LOAD-BALANCER',
  'KUBE-LOAD-BALANCER-LOCAL',
);

const serversIn = (entries: readonly Entry[], sets: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ set, value }) => {
      const server = sets.has(set) ? virtualServerOfEntry(value) : undefined;
      return server === undefined ? [] : [virtualServerText(server)];
    }),
  );
