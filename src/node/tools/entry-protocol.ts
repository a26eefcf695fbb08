const numbers = { tcp: '6', udp: '17', sctp: '132' } as const;
const names = Object.entries(numbers).map(([name, number]) => ({ name, numbered: `,${number}:` }));

/** `6:80` for `tcp:80`: ipset opens /etc/protocols for every name it reads, which is two thirds of a restore's time. */
export const withProtocolNumber = (text: string): string =>
  text.replace(/\b(tcp|udp|sctp):/, (_, name: keyof typeof numbers) => `${numbers[name]}:`);

/** The entry as ipset prints it where it knows the protocol's name; entries that have theirs, or none, as they are. */
export function withProtocolName(text: string): string {
  const comma = text.indexOf(',');
  const known = comma < 0 ? undefined : names.find(({ numbered }) => text.startsWith(numbered, comma));
  if (known === undefined) return text;
  return `${text.slice(0, comma)},${known.name}:${text.slice(comma + known.numbered.length)}`;
}
