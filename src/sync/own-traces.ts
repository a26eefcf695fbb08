import { portText, type ServiceTraces } from '../cluster/service-traces.js';
import { families } from '../net/address.js';
import type { Protocol } from '../net/protocol.js';
import type { Entry, RealServer, VirtualServerAddress } from '../node/element.js';
import { kernelSetName, type SetName } from '../node/names.js';
import { virtualServerOfEntry, virtualServerText } from '../node/tools/text.js';

/** A Service that cannot be served as it is. */
export interface TracedService {
  readonly traces: ServiceTraces;
  /** Its endpoints as `TCP 10.0.0.1:80`. Asked for only if the traces are incomplete. */
  readonly endpoints: () => ReadonlySet<string>;
}

/** The kinds of addresses of a Service. A set's entries show which kind of address a virtual server has. */
type AddressKind = 'clusterIps' | 'externalIps' | 'loadBalancerIps';
const addressSets: { readonly [Kind in AddressKind]: readonly SetName[] } = {
  clusterIps: ['KUBE-CLUSTER-IP'],
  externalIps: ['KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL'],
  loadBalancerIps: [
    'KUBE-LOAD-BALANCER',
    'KUBE-LOAD-BALANCER-FW',
    'KUBE-LOAD-BALANCER-LOCAL',
    'KUBE-LOAD-BALANCER-SOURCE-IP',
    'KUBE-LOAD-BALANCER-SOURCE-CIDR',
  ],
};
const nodePortSets: { readonly [Name in Protocol]: readonly SetName[] } = {
  TCP: ['KUBE-NODE-PORT-TCP', 'KUBE-NODE-PORT-LOCAL-TCP'],
  UDP: ['KUBE-NODE-PORT-UDP', 'KUBE-NODE-PORT-LOCAL-UDP'],
  SCTP: ['KUBE-NODE-PORT-SCTP-HASH', 'KUBE-NODE-PORT-LOCAL-SCTP-HASH'],
};

const byKernelName = <Kind extends string>(
  sets: {
    readonly [Name in Kind]: readonly SetName[];
  },
): ReadonlyMap<string, Kind> =>
  new Map(
    (Object.entries(sets) as [Kind, readonly SetName[]][]).flatMap(([kind, names]) =>
      names.flatMap(name => families.map(family => [kernelSetName(name, family), kind] as const)),
    ),
  );
const addressKinds = byKernelName(addressSets);
const nodePortProtocols = byKernelName(nodePortSets);
const healthCheckSets = byKernelName({ healthCheck: ['KUBE-HEALTH-CHECK-NODE-PORT'] });

/** Returns `TCP 30080` for an entry of a set of node ports, else undefined. */
export function nodePortOfEntry({ set, value }: Pick<Entry, 'set' | 'value'>): string | undefined {
  const protocol = nodePortProtocols.get(set);
  return protocol && portText(protocol, virtualServerOfEntry(value)?.port ?? Number(value));
}

/** Returns the virtual server that an entry is about, or undefined for an entry that is about none or several. */
export const serverOfEntry = ({ set, value }: Entry): VirtualServerAddress | undefined =>
  addressKinds.has(set) || nodePortProtocols.has(set) ? virtualServerOfEntry(value) : undefined;

/** The ports of one Service at an address. Undefined means all. */
type Ports = ReadonlySet<string> | undefined;

/**
 * Finds the elements that Services which cannot be served may have asked for before, by what they still say. What one
 * names as its external IP is not taken for the cluster IP of another Service, and the ports of one are not looked for
 * at the addresses of another: invalid objects must not add up to a node on which nothing is ever removed.
 */
export class OwnTraces {
  readonly #addresses: { readonly [Kind in AddressKind]: ReadonlyMap<string, readonly Ports[]> };
  readonly #nodePorts: ReadonlySet<string>;
  readonly #healthChecks: ReadonlySet<string>;
  readonly #endpoints: ReadonlySet<string>;
  /** The node's own addresses, on which node ports are served. */
  readonly #nodeAddresses: ReadonlySet<string>;

  constructor(services: readonly TracedService[], nodeAddresses: ReadonlySet<string>) {
    const traces = services.map(service => service.traces);
    this.#addresses = {
      // The API server gives a cluster IP to one Service, with all its ports.
      clusterIps: addressesOf(traces, 'clusterIps', () => undefined),
      externalIps: addressesOf(traces, 'externalIps', ({ ports }) => ports),
      loadBalancerIps: addressesOf(traces, 'loadBalancerIps', ({ ports }) => ports),
    };
    this.#nodePorts = new Set(traces.flatMap(({ nodePorts }) => [...nodePorts]));
    this.#healthChecks = new Set(traces.flatMap(({ healthCheckNodePort }) => healthCheckNodePort ?? []).map(String));
    const incomplete = services.filter(service => service.traces.isIncomplete);
    this.#endpoints = new Set(incomplete.flatMap(({ endpoints }) => [...endpoints()]));
    this.#nodeAddresses = nodeAddresses;
  }

  /** False if the addresses of all Services are readable, so that endpoints show nothing more. */
  get hasEndpoints(): boolean {
    return this.#endpoints.size > 0;
  }

  /** Returns true for a virtual server that may be one of the Services', whatever the sets say. */
  isOwnServer(server: VirtualServerAddress): boolean {
    return this.#isAt('clusterIps', server) || this.#isNodePort(server);
  }

  /**
   * Returns true for a real server that is an endpoint of a Service of which an address cannot be read: its virtual
   * server is then the Service's.
   */
  isOwnEndpoint({ server, address, port }: RealServer): boolean {
    return this.#endpoints.has(virtualServerText({ protocol: server.protocol, address, port }));
  }

  /** Returns true for an entry that may be one of the Services'. */
  isOwnEntry({ set, value }: Pick<Entry, 'set' | 'value'>): boolean {
    if (healthCheckSets.has(set)) return this.#healthChecks.has(value);
    const nodePort = nodePortOfEntry({ set, value });
    if (nodePort !== undefined) return this.#nodePorts.has(nodePort);
    const [kind, server] = [addressKinds.get(set), virtualServerOfEntry(value)];
    return kind !== undefined && server !== undefined && this.#isAt(kind, server);
  }

  #isAt(kind: AddressKind, { protocol, address, port }: VirtualServerAddress): boolean {
    const all = this.#addresses[kind].get(address) ?? [];
    return all.some(ports => ports === undefined || ports.has(portText(protocol, port)));
  }

  #isNodePort({ protocol, address, port }: VirtualServerAddress): boolean {
    return this.#nodeAddresses.has(address) && this.#nodePorts.has(portText(protocol, port));
  }
}

function addressesOf(
  all: readonly ServiceTraces[],
  kind: AddressKind,
  portsOf: (traces: ServiceTraces) => Ports,
): ReadonlyMap<string, readonly Ports[]> {
  const found = new Map<string, Ports[]>();
  for (const traces of all)
    for (const address of traces[kind]) {
      const known = found.get(address);
      if (known === undefined) found.set(address, [portsOf(traces)]);
      else known.push(portsOf(traces));
    }
  return found;
}
