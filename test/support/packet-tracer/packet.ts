import type { Family } from '../../../src/net/address.js';
import type { Protocol } from '../../../src/net/protocol.js';

export interface Packet {
  readonly family: Family;
  readonly protocol: Protocol;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly state: 'NEW' | 'ESTABLISHED';
  readonly mark: number;
  /** It came in through a port of a bridge, as a Pod's packets do. */
  readonly bridged: boolean;
  /** The virtual server that IPVS took it for, once it has. */
  readonly virtual?: { readonly protocol: Protocol; readonly address: string; readonly port: number };
}

export const packetText = (packet: Packet): string =>
  `${packet.protocol} ${packet.source} → ${packet.destination} port ${packet.destinationPort}${packet.state === 'NEW' ? '' : ' established'}${
    packet.mark === 0 ? '' : ` mark 0x${packet.mark.toString(16)}`
  }${packet.bridged ? ' bridged' : ''}${packet.virtual ? ` through ${packet.virtual.address}:${packet.virtual.port}` : ''}`;
