import type { Family } from '../../../src/net/address.js';
import type { Protocol } from '../../../src/net/protocol.js';
import type { Packet } from './packet.js';

/** An address and port that packets go to. */
export interface Destination {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
  /** Set if IPVS has already selected a real server for the packet. */
  readonly virtual?: Packet['virtual'];
}

export const hooks = [
  'nat PREROUTING',
  'nat OUTPUT',
  'nat POSTROUTING',
  'filter INPUT',
  'filter FORWARD',
  'filter OUTPUT',
] as const;

const sources: Readonly<Record<Family, readonly string[]>> = {
  IPv4: ['10.244.1.5', '10.10.0.11', '10.10.0.12', '203.0.113.9', '198.51.100.7', '127.0.0.1'],
  IPv6: ['fd00:244:1::5', 'fd00:10:10::11', 'fd00:10:10::12', '2001:db8::9', '::1'],
};

/**
 * Yields packets to a destination from a Pod, this node, another node, outside, the loopback, and the address itself.
 */
export function* packetsTo(destination: Destination, family: Family): Generator<Packet> {
  const { protocol, address, port, virtual } = destination;
  const from = [...sources[family], address, ...(virtual === undefined ? [] : [virtual.address])];
  for (const source of from)
    for (const state of ['NEW', 'ESTABLISHED'] as const)
      for (const mark of [0, 0x4000, 0x8001])
        for (const bridged of [true, false]) {
          const packet = {
            family,
            protocol,
            source,
            sourcePort: 40000,
            destination: address,
            destinationPort: port,
            state,
            mark,
            bridged,
          };
          yield virtual === undefined ? packet : { ...packet, virtual };
        }
}

/** The destinations that a node has. */
export interface Targets {
  readonly ipvsadmSave: string;
  readonly vips: readonly string[];
  readonly nodeAddresses: readonly string[];
  /** Ports in a set of ports: node ports and health check ports. */
  readonly ports: readonly number[];
}

/**
 * Returns virtual servers, their real servers, a closed port of each VIP, and all ports that are looked up without an
 * address, on the node and on two VIPs.
 */
export function destinationsOf({ ipvsadmSave, vips, nodeAddresses, ports }: Targets): readonly Destination[] {
  const servers = ipvsadmSave
    .split('\n')
    .filter(line => line !== '')
    .map(serverOf);
  const closed = vips.map(address => ({ protocol: 'TCP' as const, address, port: 7 }));
  const others = [...nodeAddresses, ...vips.slice(0, 1), ...vips.slice(-1)].flatMap(address =>
    [7, ...ports].flatMap(port => (['TCP', 'UDP'] as const).map(protocol => ({ protocol, address, port }))),
  );
  return [...servers, ...closed, ...others];
}

function serverOf(line: string): Destination {
  const [verb, flag = '', front = '', , back = ''] = line.split(' ');
  const virtual = { protocol: protocols[flag] as Protocol, ...endpoint(front) };
  return verb === '-A' ? virtual : { protocol: virtual.protocol, ...endpoint(back), virtual };
}

const protocols: Readonly<Record<string, Protocol>> = { '-t': 'TCP', '-u': 'UDP', '--sctp-service': 'SCTP' };

function endpoint(text: string): { readonly address: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon).replace(/[[\]]/g, ''), port: Number(text.slice(colon + 1)) };
}
