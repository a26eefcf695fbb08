import { type Family, hostPrefix } from '../../../net/address.js';
import { canonicalNetwork, hostNetwork } from '../../../net/network.js';
import type { MatchSet } from '../../../node/datapath/datapath.js';
import { type Table, table } from '../../../table.js';

/** One part of a set's entries: an address, a network, a protocol with a port, a port alone, a mark, a device. */
export type Dimension = 'ip' | 'net' | 'port' | 'bare port' | 'mark' | 'iface' | 'mac';

const dimensionNames: readonly string[] = ['ip', 'net', 'port', 'mark', 'iface', 'mac'] satisfies Dimension[];

const isDimension = (text: string): text is Dimension => dimensionNames.includes(text);

/** Returns the parts of an entry by the set's type, or undefined for a type that kproxy does not know. */
export function dimensionsOf({ type }: MatchSet): readonly Dimension[] | undefined {
  if (type === 'bitmap:port') return ['bare port'];
  const [method = '', parts = ''] = type.split(':');
  const dimensions = parts.split(',');
  return ['hash', 'bitmap'].includes(method) && dimensions.every(isDimension) ? dimensions : undefined;
}

/** Returns the family of packets that a set can hold, or undefined for both. `ipset save` has none for a bitmap. */
export const familyOfSet = ({ type, family }: MatchSet): Family | undefined =>
  type.startsWith('bitmap:ip') ? 'IPv4' : family;

const protocolNames: Table<string> = table({ '6': 'tcp', '17': 'udp', '132': 'sctp' });

/** Returns a part of an entry in the form in which packets are looked up: networks with their prefix length. */
export function keyPart(dimension: Dimension, text: string): string {
  if (dimension === 'net') return text.includes('/') ? (canonicalNetwork(text) ?? text) : hostNetwork(text);
  if (dimension === 'mark') return String(Number(text));
  if (dimension !== 'port') return text;
  const [protocol = '', port = ''] = text.split(':');
  return `${Object.hasOwn(protocolNames, protocol) ? protocolNames[protocol] : protocol}:${port}`;
}

/** Returns the prefix lengths of an entry's networks. */
export const prefixesOf = (dimensions: readonly Dimension[], parts: readonly string[]): readonly number[] =>
  parts.filter((_, index) => dimensions[index] === 'net').map(part => Number(part.split('/')[1]));

/** Returns the network of a prefix length that an address is in. */
export const networkPart = (address: string, prefix: number): string =>
  canonicalNetwork(`${address}/${prefix}`) ?? address;

/** What a set cuts the addresses and marks of packets to before it looks them up. */
export interface Cuts {
  /** A prefix length. */
  readonly netmask: number;
  readonly markmask: number;
}

export const cutsOf = ({ options = [] }: MatchSet, family: Family): Cuts => ({
  netmask: numberAfter(options, 'netmask') ?? hostPrefix(family),
  markmask: numberAfter(options, 'markmask') ?? 0xffffffff,
});

function numberAfter(options: readonly string[], name: string): number | undefined {
  const at = options.indexOf(name);
  return at < 0 ? undefined : Number(options[at + 1]);
}
