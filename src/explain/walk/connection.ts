import type { VirtualServerAddress } from '../../node/element.js';
import type { Ends, Packet } from '../trace/packet.js';

/** What conntrack and IPVS know of a connection when its first packet has arrived, for the way back. */
export interface Connection {
  /** The ends as the client knows them. */
  readonly original: Ends;
  /** The ends as the backend sees them. */
  readonly delivered: Ends;
  /** Undefined if IPVS has no part in it. */
  readonly virtual: VirtualServerAddress | undefined;
  /** False if conntrack does not know the connection, so that it changes nothing back. */
  readonly isTracked: boolean;
  readonly connectionMark: number;
  readonly isSourceTranslated: boolean;
  readonly isDestinationTranslated: boolean;
}

export const connectionOf = (packet: Packet, delivered: Ends): Connection => ({
  original: packet.original,
  delivered,
  virtual: packet.virtual,
  isTracked: packet.state !== 'UNTRACKED',
  connectionMark: packet.connectionMark,
  isSourceTranslated: packet.isSourceTranslated,
  isDestinationTranslated: packet.isDestinationTranslated,
});

/** Returns the first answer of a connection, as its server sends it. */
export function answerOf(connection: Connection, request: Packet): Packet {
  const { delivered } = connection;
  return {
    ...request,
    source: delivered.destination,
    sourcePort: delivered.destinationPort,
    destination: delivered.source,
    destinationPort: delivered.sourcePort,
    mark: 0,
    connectionMark: connection.connectionMark,
    state: connection.isTracked ? 'ESTABLISHED' : 'NEW',
    isReply: connection.isTracked,
    inputDevice: undefined,
    outputDevice: undefined,
    bridgePortIn: undefined,
    bridgePortOut: undefined,
    isSentByIpvs: false,
  };
}
