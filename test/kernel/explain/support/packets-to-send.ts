import type { Packet } from '../../../../src/explain/trace/packet.js';
import type { Hook } from '../../../../src/explain/trace/trace.js';
import type { Family } from '../../../../src/net/address.js';
import { host } from './rules-to-ask.js';
import type { SentPacket } from './send-packets.js';

/** A packet that is sent, and what it is like at each hook that it passes. */
export interface PacketCase {
  readonly name: string;
  readonly sent: SentPacket;
  readonly at: Readonly<Partial<Record<Hook, Packet>>>;
}

/** The packet from 10.1.0.9 gets these marks before any rule is asked. */
export const marks = { packet: 0x4001, connection: 0x2 };

/** Returns packets on all ways through the node, in order: some belong to connections of earlier ones. */
export function packetsToSend(family: Family): readonly PacketCase[] {
  const at = (network: number, machine: number) => host(family, network, machine);
  const loopback = family === 'IPv4' ? '127.0.0.1' : '::1';
  const client = { from: 'c0', source: at(1, 2), isIn: 'in0' };
  const tcp = { protocol: 'TCP', destinationPort: 80 } as const;
  const udp = { protocol: 'UDP', destinationPort: 53 } as const;
  const toPod = { ...client, ...udp, sourcePort: 40_007, destination: at(3, 2), isOut: 'br0' };
  const translated = { ...client, ...udp, sourcePort: 40_012, destination: at(2, 88), isOut: 'out0' };
  return [
    forwarded('TCP', { ...client, ...tcp, sourcePort: 40_001, destination: at(2, 5), isOut: 'out0' }),
    forwarded('UDP', { ...client, ...udp, sourcePort: 40_002, destination: at(2, 5), isOut: 'out0' }),
    forwarded(
      'SCTP with marks',
      {
        ...client,
        protocol: 'SCTP',
        source: at(1, 9),
        sourcePort: 40_003,
        destination: at(2, 5),
        destinationPort: 9999,
        isOut: 'out0',
      },
      { mark: marks.packet, connectionMark: marks.connection },
    ),
    forwarded(
      'UDP that conntrack does not see',
      { ...client, ...udp, source: at(1, 7), sourcePort: 700, destination: at(2, 9), isOut: 'out0' },
      { state: 'UNTRACKED' },
    ),
    toNode('TCP to the node', { ...client, ...tcp, sourcePort: 40_005, destination: at(1, 1) }),
    fromNode('UDP from the node', {
      ...udp,
      from: undefined,
      source: at(2, 1),
      sourcePort: 40_006,
      destination: at(2, 5),
      isOut: 'out0',
      mark: 0x4000,
    }),
    throughLoopback({
      ...udp,
      from: undefined,
      source: loopback,
      sourcePort: 40_004,
      destination: loopback,
      isIn: 'lo',
      isOut: 'lo',
    }),
    forwarded('UDP to a Pod', toPod),
    forwarded(
      'the answer of a Pod',
      {
        ...udp,
        from: 'c1',
        source: at(3, 2),
        sourcePort: 53,
        destination: at(1, 2),
        destinationPort: 40_007,
        isIn: 'br0',
        isOut: 'in0',
      },
      { state: 'ESTABLISHED', isReply: true, bridgePortIn: 'p0', original: endsIn(toPod) },
    ),
    forwarded('the second packet to a Pod', toPod, { state: 'ESTABLISHED' }),
    bridged({
      ...udp,
      from: 'c1',
      source: at(3, 2),
      sourcePort: 40_010,
      destination: at(3, 3),
      isIn: 'br0',
      isOut: 'br0',
    }),
    withNewDestination(at(2, 5), { ...client, ...tcp, sourcePort: 40_011, destination: at(2, 77), isOut: 'out0' }),
    forwarded('UDP whose source changes last', translated),
    forwarded('UDP whose source has changed', translated, { isSourceTranslated: true }),
    ...(family === 'IPv4' ? ipv4Packets(client) : []),
  ];
}

function ipv4Packets(client: { readonly from: string; readonly source: string; readonly isIn: string }): PacketCase[] {
  const udp = { protocol: 'UDP', destinationPort: 53 } as const;
  const toVip = { ...client, ...udp, sourcePort: 40_015, destination: '10.9.0.1' };
  const virtual = { protocol: 'UDP', address: '10.9.0.1', port: 53 } as const;
  const toServer = packetIn(toVip, {
    destination: '10.3.0.2',
    destinationPort: 5353,
    original: endsIn(toVip),
    virtual,
  });
  const answer = {
    ...udp,
    from: 'c1',
    source: '10.3.0.2',
    sourcePort: 5353,
    destination: '10.1.0.2',
    destinationPort: 40_015,
  };
  const back = packetIn(answer, {
    state: 'ESTABLISHED',
    isReply: true,
    inputDevice: 'br0',
    bridgePortIn: 'p0',
    original: endsIn(toVip),
  });
  const leaving = { outputDevice: 'br0' };
  return [
    toNode('UDP to everybody', { ...client, ...udp, sourcePort: 40_014, destination: '10.1.0.255' }),
    {
      name: 'UDP to a virtual server',
      sent: toVip,
      at: {
        ...toNode('', toVip).at,
        OUTPUT: { ...toServer, ...leaving, inputDevice: undefined, isSentByIpvs: true },
        POSTROUTING: { ...toServer, ...leaving, isSentByIpvs: true },
      },
    },
    {
      name: 'the answer of a real server',
      sent: answer,
      at: {
        PREROUTING: back,
        FORWARD: { ...back, outputDevice: 'in0' },
        POSTROUTING: {
          ...back,
          source: '10.9.0.1',
          sourcePort: 53,
          outputDevice: 'in0',
          virtual,
          isSentByIpvs: true,
        },
      },
    },
  ];
}

interface Passing extends SentPacket {
  readonly isIn?: string;
  readonly isOut?: string;
}

const endsIn = ({ source, sourcePort, destination, destinationPort }: Passing) => ({
  source,
  sourcePort,
  destination,
  destinationPort,
});

function packetIn(passing: Passing, changes: Partial<Packet> = {}): Packet {
  const ends = endsIn(passing);
  return {
    ...ends,
    family: passing.source.includes(':') ? 'IPv6' : 'IPv4',
    protocol: passing.protocol,
    mark: passing.mark ?? 0,
    connectionMark: 0,
    state: 'NEW',
    isReply: false,
    isSourceTranslated: false,
    isDestinationTranslated: false,
    original: ends,
    inputDevice: passing.isIn,
    outputDevice: undefined,
    bridgePortIn: undefined,
    bridgePortOut: undefined,
    virtual: undefined,
    ...changes,
  };
}

function forwarded(name: string, passing: Passing, changes: Partial<Packet> = {}): PacketCase {
  const packet = packetIn(passing, changes);
  const leaving = { ...packet, outputDevice: passing.isOut };
  return { name, sent: passing, at: { PREROUTING: packet, FORWARD: leaving, POSTROUTING: leaving } };
}

const toNode = (name: string, passing: Passing): PacketCase => ({
  name,
  sent: passing,
  at: { PREROUTING: packetIn(passing), INPUT: packetIn(passing) },
});

function fromNode(name: string, passing: Passing): PacketCase {
  const packet = packetIn(passing, { inputDevice: undefined, outputDevice: passing.isOut });
  return { name, sent: passing, at: { OUTPUT: packet, POSTROUTING: packet } };
}

const throughLoopback = (passing: Passing): PacketCase => ({
  name: 'UDP on lo',
  sent: passing,
  at: { ...fromNode('', passing).at, ...toNode('', passing).at },
});

function bridged(passing: Passing): PacketCase {
  const packet = packetIn(passing, { bridgePortIn: 'p0' });
  const leaving = { ...packet, outputDevice: 'br0', bridgePortOut: 'p1' };
  const at = { PREROUTING: packet, FORWARD: leaving, POSTROUTING: { ...leaving, inputDevice: undefined } };
  return { name: 'UDP from a port of the bridge to another', sent: passing, at };
}

function withNewDestination(destination: string, passing: Passing): PacketCase {
  const packet = packetIn(passing);
  const changed = {
    ...packet,
    destination,
    destinationPort: 8080,
    isDestinationTranslated: true,
    outputDevice: 'out0',
  };
  const at = { PREROUTING: packet, FORWARD: changed, POSTROUTING: changed };
  return { name: 'TCP whose destination changes', sent: passing, at };
}
