import type { Packet } from '../../../../src/explain/trace/packet.js';
import { protocols } from '../../../../src/net/protocol.js';

const request = {
  source: '10.244.1.9',
  sourcePort: undefined,
  destination: '10.254.10.128',
  destinationPort: 80,
};

const packet: Packet = {
  ...request,
  family: 'IPv4',
  protocol: 'TCP',
  mark: 0,
  connectionMark: 0,
  state: 'NEW',
  isReply: false,
  isSourceTranslated: false,
  isDestinationTranslated: false,
  original: request,
  inputDevice: 'cni0',
  outputDevice: undefined,
  bridgePortIn: undefined,
  bridgePortOut: undefined,
  virtual: undefined,
};

const answer: Packet = {
  ...packet,
  source: '10.244.1.3',
  sourcePort: 8080,
  destination: '10.244.1.9',
  destinationPort: undefined,
  state: 'ESTABLISHED',
  isReply: true,
};

/** Packets as they are at several hooks: requests of a Pod and of the node itself, and their answers. */
export const packetsAsked: readonly Packet[] = protocols.flatMap(protocol =>
  [
    packet,
    { ...packet, outputDevice: 'eth0', destination: '10.244.2.2', destinationPort: 8080 },
    { ...packet, source: '192.168.33.11', inputDevice: undefined, outputDevice: 'eth0' },
    { ...packet, state: 'UNTRACKED' as const },
    answer,
    { ...answer, outputDevice: 'eth0' },
  ].map(one => ({ ...one, protocol })),
);
