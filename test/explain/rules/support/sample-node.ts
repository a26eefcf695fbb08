import { type DatapathIndex, indexDatapath } from '../../../../src/explain/datapath/datapath-index.js';
import type { Packet } from '../../../../src/explain/trace/packet.js';
import { familyOf } from '../../../../src/net/address.js';
import { hostNetwork } from '../../../../src/net/network.js';
import type { DatapathServer, MatchSet, RuleTable } from '../../../../src/node/datapath/datapath.js';

/** What the rules of a node look up. Everything else is missing. */
export interface SampleNode {
  readonly tables?: readonly RuleTable[];
  readonly sets?: readonly MatchSet[];
  readonly servers?: readonly DatapathServer[];
  /** Addresses by device. All of them are local. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly broadcasts?: readonly string[];
}

/** Returns a node with a few things in it. MASQUERADE takes the device's first address of the family. */
export function sampleNode(sample: SampleNode = {}): DatapathIndex {
  const { tables = [], sets = [], servers = [], addresses = {}, broadcasts = [] } = sample;
  const links = Object.entries(addresses).map(([name, all]) => ({
    ...{ name, isUp: true },
    addresses: all.map(address => ({ address, prefix: 24, scope: 'global' })),
  }));
  const route = (type: string) => (address: string) => ({
    ...{ family: familyOf(address), table: 'local', type, metric: 0, hops: [] },
    destination: hostNetwork(address),
  });
  return indexDatapath({
    tables,
    sets,
    virtualServers: servers,
    links,
    routes: [...Object.values(addresses).flat().map(route('local')), ...broadcasts.map(route('broadcast'))],
    routingRules: [],
    sysctls: {},
    sockets: undefined,
    unread: [],
  });
}

/** Returns the first packet of a TCP connection from 10.1.0.2:40001 to 10.2.0.5:80, with changes. */
export function samplePacket(changes: Partial<Packet> = {}): Packet {
  const base = {
    family: 'IPv4',
    protocol: 'TCP',
    source: '10.1.0.2',
    sourcePort: 40_001,
    destination: '10.2.0.5',
    destinationPort: 80,
    mark: 0,
    connectionMark: 0,
    state: 'NEW',
    isReply: false,
    isSourceTranslated: false,
    isDestinationTranslated: false,
    inputDevice: 'in0',
    outputDevice: undefined,
    bridgePortIn: undefined,
    bridgePortOut: undefined,
    virtual: undefined,
    ...changes,
  } as const satisfies Omit<Packet, 'original'>;
  const { source, sourcePort, destination, destinationPort } = base;
  return { original: { source, sourcePort, destination, destinationPort }, ...base };
}
