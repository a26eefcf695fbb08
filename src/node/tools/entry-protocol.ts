import { protocolNames, protocolNumbers, protocols } from '../../net/protocol.js';

const numbers: ReadonlyMap<string, number> = new Map(
  protocols.map(protocol => [protocolNames[protocol], protocolNumbers[protocol]]),
);
const names = protocols.map(protocol => ({
  name: protocolNames[protocol],
  numbered: `,${protocolNumbers[protocol]}:`,
}));

/**
 * Replaces the name of an entry's protocol by its number: `6:80` for `tcp:80`. ipset opens /etc/protocols for every
 * name that it reads, which is two thirds of a restore's time.
 */
export const withProtocolNumber = (text: string): string =>
  text.replace(/\b(tcp|udp|sctp):/, (_, name: string) => `${numbers.get(name)}:`);

/** Returns an entry as ipset prints it if it finds the protocol's name. Leaves entries without a number as they are. */
export function withProtocolName(text: string): string {
  const comma = text.indexOf(',');
  const known = comma < 0 ? undefined : names.find(({ numbered }) => text.startsWith(numbered, comma));
  if (known === undefined) return text;
  return `${text.slice(0, comma)},${known.name}:${text.slice(comma + known.numbered.length)}`;
}
