import { hostPrefix } from '../../../net/address.js';
import { protocolNames } from '../../../net/protocol.js';
import type { MatchSet, SetEntry } from '../../../node/datapath/datapath.js';
import type { Packet } from '../../trace/packet.js';
import { chosenPorts, isIn } from '../port-ranges.js';
import { type Cuts, cutsOf, type Dimension, networkPart } from './layout.js';
import { joined, joinedAddresses, portOf, type SetIndex } from './set-index.js';

/** Which end of the packet each dimension of a set is compared with. */
export type Side = 'src' | 'dst';

/** What is looked up in a set: one text a dimension. */
export interface Query {
  /** Networks as the single address: `10.0.0.1`. A port that the client's kernel chooses is undefined. */
  readonly parts: readonly (string | undefined)[];
  /** The parts as a text: `10.0.0.1,tcp:80`. */
  readonly text: string;
}

/**
 * Returns what a packet has of each dimension, or undefined if it lacks one: then it is in no set of the type. A bitmap
 * of ports takes TCP and UDP only. Source: ip_set_get_ip_port in ip_set_getport.c.
 */
export function queryOf(
  set: MatchSet,
  dimensions: readonly Dimension[],
  sides: readonly Side[],
  packet: Packet,
): Query | undefined {
  const cuts = cutsOf(set, packet.family);
  const parts = dimensions.map((dimension, index) => partOf(dimension, sides[index] ?? 'src', packet, cuts));
  if (parts.includes(nothing)) return undefined;
  const texts = parts.map((part, index) => part ?? anyPort(dimensions[index], packet));
  return { parts, text: joined(texts) };
}

const nothing = '';

function partOf(dimension: Dimension, side: Side, packet: Packet, cuts: Cuts): string | undefined {
  const isSource = side === 'src';
  const port = isSource ? packet.sourcePort : packet.destinationPort;
  const address = isSource ? packet.source : packet.destination;
  switch (dimension) {
    case 'ip':
      return cuts.netmask === hostPrefix(packet.family) ? address : networkPart(address, cuts.netmask).split('/')[0];
    case 'net':
      return address;
    case 'port':
      if (packet.isError === true) return nothing;
      return port === undefined ? undefined : `${protocolNames[packet.protocol]}:${port}`;
    case 'bare port':
      return packet.protocol === 'SCTP' || packet.isError === true ? nothing : port?.toString();
    case 'iface':
      return (isSource ? packet.inputDevice : packet.outputDevice) ?? nothing;
    case 'mark':
      return String((packet.mark & cuts.markmask) >>> 0);
    case 'mac':
      return nothing;
  }
}

const portRange = `${chosenPorts.first}-${chosenPorts.last}`;

const anyPort = (dimension: Dimension | undefined, { protocol }: Packet): string =>
  dimension === 'port' ? `${protocolNames[protocol]}:${portRange}` : portRange;

/** What a set has for a query. */
export type Found =
  | { readonly is: 'entry'; readonly entry: SetEntry }
  /** Some ports that the client's kernel may choose are in the set. */
  | { readonly is: 'some ports'; readonly entry: SetEntry }
  | { readonly is: 'none'; readonly near: SetEntry | undefined };

/** Looks a packet up as the kernel does: networks by the longest prefix, whether it is an exception or not. */
export function lookUp(index: SetIndex, query: Query, { protocol }: Packet): Found {
  if (index.dimensions.includes('iface')) return lookUpDevice(index, query);
  if (query.parts.includes(undefined)) return lookUpSomePort(index, query, protocol);
  let near: SetEntry | undefined;
  for (const lengths of index.prefixes) {
    const parts = cutTo(index.dimensions, query.parts, lengths);
    const entry = index.entries.get(joined(parts.map(part => part ?? nothing)));
    if (entry !== undefined) return { is: 'entry', entry };
    near ??= nearest(index, parts);
  }
  return { is: 'none', near };
}

/**
 * Looks an address and a device up. The longest prefix with any device decides: if the packet's own device is not among
 * its entries, shorter prefixes are not tried. Source: `multi` in mtype_test_cidrs, ip_set_hash_gen.h.
 */
function lookUpDevice(index: SetIndex, { parts }: Query): Found {
  for (const lengths of index.prefixes) {
    const entries = sameAddresses(index, cutTo(index.dimensions, parts, lengths)).filter(isOfRules);
    const entry = entries.find(one => hasDevice(one, parts.at(-1) ?? nothing));
    if (entry !== undefined) return { is: 'entry', entry };
    if (entries[0] !== undefined) return { is: 'none', near: entries[0] };
  }
  return { is: 'none', near: undefined };
}

/**
 * No packet is looked up by the port of a bridge (`physdev:eth0`): iptables has no option for it, and the kernel keeps
 * these entries apart.
 */
const isOfRules = ({ value }: SetEntry): boolean => !value.includes(',physdev:');

function hasDevice({ value, isWildcard }: SetEntry, device: string): boolean {
  const name = value.split(',').at(-1) ?? '';
  return isWildcard === true ? device.startsWith(name) : device === name;
}

/** Looks for any port that the client's kernel may choose. */
function lookUpSomePort(index: SetIndex, { parts }: Query, protocol: Packet['protocol']): Found {
  let near: SetEntry | undefined;
  for (const lengths of index.prefixes) {
    const others = sameAddresses(index, cutTo(index.dimensions, parts, lengths));
    const entry = others.find(one => mayBeChosen(index, one, protocol));
    if (entry !== undefined) return { is: 'some ports', entry };
    near ??= others[0];
  }
  return { is: 'none', near };
}

function mayBeChosen(index: SetIndex, entry: SetEntry, protocol: Packet['protocol']): boolean {
  const [port, name = protocolNames[protocol]] = portOf(index.dimensions, entry).split(':').reverse();
  return name === protocolNames[protocol] && isIn(Number(port), chosenPorts);
}

/** Returns parts whose networks have the given prefix lengths. */
function cutTo<Part extends string | undefined>(
  dimensions: readonly Dimension[],
  parts: readonly Part[],
  lengths: readonly number[],
): readonly (Part | string)[] {
  let next = 0;
  return parts.map((part, index) =>
    dimensions[index] === 'net' && part !== undefined ? networkPart(part, lengths[next++] ?? 0) : part,
  );
}

/** Returns the entries that differ in ports and devices only. */
const sameAddresses = (index: SetIndex, parts: readonly (string | undefined)[]): readonly SetEntry[] =>
  index.byAddresses().get(
    joinedAddresses(
      index.dimensions,
      parts.map(part => part ?? nothing),
    ),
  ) ?? [];

/**
 * Returns an entry with the same addresses: rather one with the same port and another protocol than one with another
 * port. A bitmap of ports has none: all of its entries have another port.
 */
function nearest(index: SetIndex, parts: readonly (string | undefined)[]): SetEntry | undefined {
  const at = index.dimensions.indexOf('port');
  if (at < 0) return undefined;
  const port = parts[at]?.split(':')[1];
  const others = sameAddresses(index, parts);
  return others.find(entry => portOf(index.dimensions, entry).split(':')[1] === port) ?? others[0];
}
