import { type Ends, endsOf, type Packet } from '../../trace/packet.js';
import type { ConntrackStep, Step } from '../../trace/trace.js';
import type { Connection } from '../connection.js';

/** Gives an answer the client's own address as its destination, if the request was masqueraded. */
export function sourceBack({ original, isTracked, isSourceTranslated }: Connection, packet: Packet) {
  if (!isTracked || !isSourceTranslated) return { packet, steps: [] };
  const after = { ...packet, destination: original.source, destinationPort: original.sourcePort };
  const text = `the answer to ${packet.destination} goes to ${original.source}, whose request was masqueraded`;
  return { packet: after, steps: [translation(packet, after, text)] };
}

/** Gives an answer the source that the client knows, if a rule has changed the request's destination. */
export function destinationBack(
  { original, isTracked, isDestinationTranslated }: Connection,
  packet: Packet,
): { readonly packet: Packet; readonly steps: readonly Step[] } {
  if (!isTracked || !isDestinationTranslated) return { packet, steps: [] };
  const after = { ...packet, source: original.destination, sourcePort: original.destinationPort };
  return { packet: after, steps: [translation(packet, after, 'the answer gets the address that the client asked')] };
}

const translation = (before: Ends, after: Packet, text: string): ConntrackStep => ({
  kind: 'conntrack',
  way: 'back',
  before: endsOf(before),
  ends: endsOf(after),
  text,
});
