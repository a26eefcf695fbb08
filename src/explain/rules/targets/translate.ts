import { addressAndPort } from '../../../net/address.js';
import type { Packet } from '../../trace/packet.js';
import type { PortRange } from '../port-ranges.js';
import type { Effect } from '../target.js';
import type { NatRange } from './nat-range.js';

/** Returns the effect of a new source. The port stays if it is in the range, else the kernel chooses one. */
export function translateSource(packet: Packet, { address = packet.source, ports }: NatRange): Effect {
  const sourcePort = newPort(packet.sourcePort, ports);
  const isSourceTranslated = address !== packet.source || sourcePort !== packet.sourcePort;
  return {
    kind: 'translate',
    what: 'source',
    packet: { ...packet, source: address, sourcePort, isSourceTranslated },
    said: `source becomes ${withPort(address, ports)}`,
  };
}

/**
 * Returns the effect of a new destination. If the kernel has to choose one of several ports, where the packet goes is
 * not known.
 */
export function translateDestination(packet: Packet, { address = packet.destination, ports }: NatRange): Effect {
  const destinationPort = newPort(packet.destinationPort, ports);
  if (destinationPort === undefined && packet.destinationPort !== undefined)
    return { kind: 'unknown', why: 'the kernel chooses one of several ports as the destination' };
  const isDestinationTranslated = address !== packet.destination || destinationPort !== packet.destinationPort;
  return {
    kind: 'translate',
    what: 'destination',
    packet: { ...packet, destination: address, destinationPort, isDestinationTranslated },
    said: `destination becomes ${withPort(address, ports)}`,
  };
}

function newPort(port: number | undefined, ports: PortRange | undefined): number | undefined {
  if (ports === undefined) return port;
  if (port !== undefined && port >= ports.first && port <= ports.last) return port;
  return ports.first === ports.last ? ports.first : undefined;
}

function withPort(address: string, ports: PortRange | undefined): string {
  if (ports === undefined) return address;
  const text = addressAndPort(address, ports.first);
  return ports.first === ports.last ? text : `${text}-${ports.last}`;
}
