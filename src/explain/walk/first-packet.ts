import type { Packet } from '../trace/packet.js';
import type { Walk } from './walk.js';

/** Returns the first packet of the question's connection. */
export function firstPacket(
  { question }: Walk,
  from: Pick<Packet, 'source' | 'inputDevice' | 'outputDevice' | 'bridgePortIn'>,
): Packet {
  const { family, protocol, destination, isEstablished } = question;
  const ends = {
    source: from.source,
    sourcePort: undefined,
    destination: destination.address,
    destinationPort: destination.port,
  };
  return {
    ...ends,
    family,
    protocol,
    mark: 0,
    connectionMark: 0,
    state: isEstablished ? 'ESTABLISHED' : 'NEW',
    isReply: false,
    isSourceTranslated: false,
    isDestinationTranslated: false,
    original: ends,
    inputDevice: from.inputDevice,
    outputDevice: from.outputDevice,
    bridgePortIn: from.bridgePortIn,
    bridgePortOut: undefined,
    virtual: undefined,
  };
}
