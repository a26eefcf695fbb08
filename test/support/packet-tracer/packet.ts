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
  /** True if it came in through a port of a bridge, as a Pod's packets do. */
  readonly bridged: boolean;
  /** The virtual server through which IPVS has balanced it. */
  readonly virtual?: { readonly protocol: Protocol; readonly address: string; readonly port: number };
}

/** Returns `TCP 10.244.1.5 → 10.96.0.1 port 80 established mark 0x4000 bridged`, for messages. */
export const packetText = ({ protocol, source, destination, destinationPort, ...packet }: Packet): string =>
  [
    `${protocol} ${source} → ${destination} port ${destinationPort}`,
    ...(packet.state === 'NEW' ? [] : ['established']),
    ...(packet.mark === 0 ? [] : [`mark 0x${packet.mark.toString(16)}`]),
    ...(packet.bridged ? ['bridged'] : []),
    ...(packet.virtual ? [`through ${packet.virtual.address}:${packet.virtual.port}`] : []),
  ].join(' ');
