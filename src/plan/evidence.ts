import { atOnce, type InParts } from '../breath.js';
import { familyOf, hostPrefix } from '../net/address.js';
import type { Protocol } from '../net/protocol.js';
import type { RealServer, VirtualServerAddress } from '../node/element.js';
import { addressKind } from '../node/kinds/address.js';
import { entryKind } from '../node/kinds/entry.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { familyOfSet, ipvsDevice, kernelSetName, kernelSetNames, type SetName } from '../node/names.js';
import { type ElementLookup, elementsOf, type NodeState, visitInParts } from '../node/state.js';
import { virtualServerOfEntry, virtualServerText } from '../node/tools/text.js';
import { withoutTemporarySets } from './temporary-entries.js';

/**
 * What shows that a virtual server is kproxy's, from the best to the least. A plan may remove addresses before virtual
 * servers that the `sets` show. All others must be removed before what shows them.
 */
type Evidence = 'sets' | 'vip' | 'real-servers';

export interface EvidenceSources {
  readonly actual: NodeState;
  /** The addresses of all devices but the IPVS device. */
  readonly nodeAddresses: ReadonlySet<string>;
  /** What the cluster's Services claim. */
  readonly claimed: ElementLookup;
}

/** Returns what shows that a virtual server is kproxy's, or undefined if nothing does. */
export type FindEvidence = (server: VirtualServerAddress) => Evidence | undefined;

/**
 * Searches a node for evidence, once. An address that has left the node, or a device that was deleted, leaves the
 * kernel's sets, and the claims of Services that exist.
 */
export const evidenceIn = (sources: EvidenceSources): FindEvidence => atOnce(evidenceInParts(sources));

/** Does the same and yields in between. */
export function* evidenceInParts({ actual, nodeAddresses, claimed }: EvidenceSources): InParts<FindEvidence> {
  const { listed, boundEntries, nodePorts } = yield* shownByEntries(withoutTemporarySets(actual));
  const bound = new Set(elementsOf(actual, 'address').map(({ address }) => address));
  const realServers = lazily(() => realServersByServer(actual));

  const isVip = (address: string): boolean => bound.has(address) || claimed.has(vipKey(address));
  const hasNodePort = (server: VirtualServerAddress): boolean =>
    nodePorts.has(nodePortText(server)) || nodePortKeys(server).some(key => claimed.has(key));

  function direct(server: VirtualServerAddress): Evidence | undefined {
    if (listed.has(virtualServerText(server))) return 'sets';
    // Of an address alone, other software may have another port.
    const byAddress = shownByAddress(server);
    if (byAddress === undefined) return undefined;
    return isForwardedOtherwise(realServers().get(virtualServerKey(server)) ?? []) ? undefined : byAddress;
  }

  function shownByAddress(server: VirtualServerAddress): Evidence | undefined {
    // A VIP that has become the node's own address may have virtual servers of other software.
    if (boundEntries.has(server.address) && !nodeAddresses.has(server.address)) return 'sets';
    if (isVip(server.address)) return 'vip';
    return nodeAddresses.has(server.address) && hasNodePort(server) ? 'sets' : undefined;
  }

  const backends = lazily(() => backendsIn(actual, claimed, server => direct(server) !== undefined));
  return server => {
    const found = direct(server);
    if (found !== undefined || nodeAddresses.has(server.address) || !hasNodePort(server)) return found;
    const all = realServers().get(virtualServerKey(server)) ?? [];
    const isServiceOnly = all.length > 0 && all.every(real => isMasqueraded(real) && backends().has(backendText(real)));
    return isServiceOnly ? 'real-servers' : undefined;
  };
}

/**
 * Returns a function that finds the virtual servers whose very address and port an entry of kproxy's sets has. An entry
 * of a node port has the number only, and is about the node's own addresses.
 */
export function listedServers(
  actual: NodeState,
  nodeAddresses: ReadonlySet<string>,
): (server: VirtualServerAddress) => boolean {
  const { listed, nodePorts } = atOnce(shownByEntries(withoutTemporarySets(actual)));
  const realServers = lazily(() => realServersByServer(actual));
  const isNodePort = (server: VirtualServerAddress) =>
    nodeAddresses.has(server.address) &&
    nodePorts.has(nodePortText(server)) &&
    !isForwardedOtherwise(realServers().get(virtualServerKey(server)) ?? []);
  return server => listed.has(virtualServerText(server)) || isNodePort(server);
}

/** Computes a value on first use: most nodes never need it. */
export function lazily<Value extends object>(compute: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/** kproxy only masquerades: with other forwarding, the number of a node port is a coincidence. */
export const isMasqueraded = ({ forwarding }: RealServer): boolean =>
  forwarding === 'masquerade' || forwarding === 'local';
const isForwardedOtherwise = (realServers: readonly RealServer[]): boolean =>
  realServers.length > 0 && !realServers.some(isMasqueraded);

const kernelNames = (...names: readonly SetName[]): ReadonlySet<string> => new Set(kernelSetNames(...names));

/** The sets whose entries begin with the address, protocol and port of a virtual server. */
const serverSets = kernelNames(
  'KUBE-CLUSTER-IP',
  'KUBE-EXTERNAL-IP',
  'KUBE-EXTERNAL-IP-LOCAL',
  'KUBE-LOAD-BALANCER',
  'KUBE-LOAD-BALANCER-LOCAL',
  'KUBE-NODE-PORT-SCTP-HASH',
);
const boundSets = kernelNames('KUBE-IPVS-IPS');

/** The sets of node ports that are numbers only. SCTP has addresses too. */
const portSets = { TCP: 'KUBE-NODE-PORT-TCP', UDP: 'KUBE-NODE-PORT-UDP' } as const satisfies Partial<
  Record<Protocol, SetName>
>;
const portProtocols = ['TCP', 'UDP'] as const;

const nodePortText = ({ protocol, address, port }: VirtualServerAddress): string =>
  `${familyOf(address)} ${protocol} ${port}`;

/** The protocol of each of them, by the set's kernel name. */
const portProtocolOf: ReadonlyMap<string, Protocol> = new Map(
  portProtocols.flatMap(protocol => kernelSetNames(portSets[protocol]).map(set => [set, protocol] as const)),
);

/** What the entries of kproxy's sets show. */
interface ShownByEntries {
  /** `TCP 10.0.0.1:80` for every virtual server. */
  readonly listed: ReadonlySet<string>;
  /** The addresses that are bound. */
  readonly boundEntries: ReadonlySet<string>;
  /** `IPv4 TCP 30080` for every number in the sets of node ports. */
  readonly nodePorts: ReadonlySet<string>;
}

function* shownByEntries(state: NodeState): InParts<ShownByEntries> {
  const [listed, boundEntries, nodePorts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  yield* visitInParts(state, element => {
    if (element.kind !== 'entry') return;
    const { set, value } = element;
    const server = serverSets.has(set) ? virtualServerOfEntry(value) : undefined;
    if (server !== undefined) listed.add(virtualServerText(server));
    if (boundSets.has(set)) boundEntries.add(value);
    const protocol = portProtocolOf.get(set);
    if (protocol !== undefined) nodePorts.add(`${familyOfSet(set)} ${protocol} ${value}`);
  });
  return { listed, boundEntries, nodePorts };
}

/** Returns the keys by which a Service claims the number of a node port. */
function nodePortKeys({ protocol, address, port }: VirtualServerAddress): readonly string[] {
  if (protocol === 'SCTP') return [];
  const set = kernelSetName(portSets[protocol], familyOf(address));
  return [entryKind.key({ kind: 'entry', set, value: String(port) })];
}

const vipKey = (address: string): string =>
  addressKind.key({ kind: 'address', link: ipvsDevice, address, prefix: hostPrefix(familyOf(address)) });

/** Returns the real servers of each virtual server that has some, by the virtual server's key. */
export function realServersByServer(actual: NodeState): ReadonlyMap<string, readonly RealServer[]> {
  const found = new Map<string, RealServer[]>();
  for (const real of elementsOf(actual, 'real-server')) {
    const key = virtualServerKey(real.server);
    const known = found.get(key);
    if (known === undefined) found.set(key, [real]);
    else known.push(real);
  }
  return found;
}

/** Returns the endpoint that a real server stands for: `TCP 10.244.1.3:8080`. */
export const backendText = ({ server, address, port }: RealServer): string =>
  virtualServerText({ protocol: server.protocol, address, port });

/** Returns all real servers that Services claim now, or had when kproxy programmed the node. */
function backendsIn(
  actual: NodeState,
  claimed: ElementLookup,
  isDirect: (server: VirtualServerAddress) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  claimed.forEach(element => {
    if (element.kind === 'real-server') found.add(backendText(element));
  });
  for (const real of elementsOf(actual, 'real-server')) if (isDirect(real.server)) found.add(backendText(real));
  return found;
}
