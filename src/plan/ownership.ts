import { isInNetwork } from '../net/network.js';
import type { Element, Entry, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { ipvsDevice, kernelSetName } from '../node/names.js';
import { elementsOf, type NodeState } from '../node/state.js';
import { virtualServerOfEntry, virtualServerText } from '../node/tools/text.js';
import { throughStandIns } from './through-stand-ins.js';

export interface OwnershipLimits {
  /** The node's own addresses, on which node ports are served. */
  readonly nodeAddresses: ReadonlySet<string>;
  /** Networks whose virtual servers are somebody else's. */
  readonly excludeCidrs: readonly string[];
}

/** Says of an element that is on the node whether it is kproxy's to remove. */
export type IsOwn = (element: Element) => boolean;

/**
 * What is kproxy's: its sets and chains by name, the IPVS device with its addresses, and the virtual servers whose address is on that device, or which the
 * kernel's sets list on one of the node's own addresses: as a node port, or as an external address. Modules and sysctls are set and never taken back.
 */
export function ownership(actual: NodeState, limits: OwnershipLimits): IsOwn {
  const served = onceAsked(() => servedBy(actual));
  const ownsServer = ({ protocol, address, port }: VirtualServerAddress): boolean =>
    !limits.excludeCidrs.some(network => isInNetwork(address, network)) &&
    (served().vips.has(address) || (limits.nodeAddresses.has(address) && isListed({ protocol, address, port })));
  const isListed = (server: VirtualServerAddress): boolean =>
    served().nodePorts.has(`${server.protocol} ${server.port}`) || served().external.has(virtualServerText(server));
  return element => {
    switch (element.kind) {
      case 'module':
      case 'sysctl':
        return false;
      case 'link':
        return element.name === ipvsDevice;
      case 'virtual-server':
        return ownsServer(element);
      case 'real-server':
        return ownsServer(element.server);
      default:
        return true;
    }
  };
}

interface Served {
  readonly vips: ReadonlySet<string>;
  readonly nodePorts: ReadonlySet<string>;
  readonly external: ReadonlySet<string>;
}

function servedBy(actual: NodeState): Served {
  const entries = elementsOf(throughStandIns(actual), 'entry');
  return {
    vips: new Set(elementsOf(actual, 'address').map(address => address.address)),
    nodePorts: nodePortsOf(entries),
    external: externalServersOf(entries),
  };
}

/** Where nothing has to go nobody asks. */
function onceAsked<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/**
 * Which real servers a Service's virtual server has is the Service's to say, whoever made them and in whatever network it is: one that it has no more
 * would still get its share of the connections.
 */
export const withWantedServers =
  (isOwn: IsOwn, isWanted: (key: string) => boolean): IsOwn =>
  element =>
    isOwn(element) || (element.kind === 'real-server' && isWanted(virtualServerKey(element.server)));

const families = ['IPv4', 'IPv6'] as const;
const setsOf = (name: Parameters<typeof kernelSetName>[0]) => families.map(family => kernelSetName(name, family));
const tcpSets = new Set(setsOf('KUBE-NODE-PORT-TCP'));
const udpSets = new Set(setsOf('KUBE-NODE-PORT-UDP'));
const sctpSets = new Set(setsOf('KUBE-NODE-PORT-SCTP-HASH'));

/** `TCP 30080` for every node port that the kernel's sets list. */
function nodePortsOf(entries: readonly Entry[]): ReadonlySet<string> {
  const ports = new Set<string>();
  for (const { set, value } of entries) {
    if (tcpSets.has(set)) ports.add(`TCP ${value}`);
    else if (udpSets.has(set)) ports.add(`UDP ${value}`);
    else if (sctpSets.has(set)) ports.add(`SCTP ${value.slice(value.lastIndexOf(':') + 1)}`);
  }
  return ports;
}

const externalSets = new Set(
  (['KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL', 'KUBE-LOAD-BALANCER', 'KUBE-LOAD-BALANCER-LOCAL'] as const).flatMap(
    setsOf,
  ),
);

/** `TCP 10.10.0.11:80` for every external address and load balancer VIP that the kernel's sets list. */
const externalServersOf = (entries: readonly Entry[]): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ set, value }) => {
      const server = externalSets.has(set) ? virtualServerOfEntry(value) : undefined;
      return server === undefined ? [] : [virtualServerText(server)];
    }),
  );
