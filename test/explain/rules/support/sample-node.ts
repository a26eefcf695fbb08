import type { DatapathIndex } from '../../../../src/explain/datapath-index.js';
import type { Packet } from '../../../../src/explain/packet.js';
import type { Family } from '../../../../src/net/address.js';
import type { DatapathServer, LinkAddress, MatchSet, RuleTable } from '../../../../src/node/datapath/datapath.js';

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
  const setsByName = new Map(sets.map(set => [set.name, set]));
  const addressesOf = (device: string): readonly LinkAddress[] =>
    (addresses[device] ?? []).map(address => ({ address, prefix: 24, scope: 'global' }));
  const all = Object.keys(addresses).flatMap(device => addressesOf(device).map(({ address }) => address));
  return {
    datapath: {
      tables,
      sets,
      virtualServers: servers,
      links: [],
      routes: [],
      routingRules: [],
      sysctls: {},
      sockets: undefined,
      unread: [],
    },
    set: name => setsByName.get(name),
    chain: (family, table, name) =>
      tables.find(one => one.family === family && one.name === table)?.chains.find(chain => chain.name === name),
    link: () => undefined,
    sysctl: () => undefined,
    server: address =>
      servers.find(
        ({ server }) =>
          server.protocol === address.protocol && server.address === address.address && server.port === address.port,
      ),
    isLocal: address => all.includes(address) || address.startsWith('127.') || address === '::1',
    isBroadcast: address => broadcasts.includes(address),
    masqueradeAddress: (family: Family, device) =>
      addressesOf(device).find(({ address }) => address.includes(':') === (family === 'IPv6'))?.address,
    addressesOf,
  };
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
