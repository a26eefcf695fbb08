import { hostPrefix } from '../../../net/address.js';
import { protocolNames } from '../../../net/protocol.js';
import type { MatchSet, SetEntry } from '../../../node/datapath/datapath.js';
import type { Packet } from '../../packet.js';
import { chosenPorts } from '../port-ranges.js';
import { type Dimension, netmaskOf, networkPart } from './layout.js';
import { joined, joinedWithoutPort, portOf, type SetIndex } from './set-index.js';

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
  const netmask = netmaskOf(set, packet.family);
  const parts = dimensions.map((dimension, index) => partOf(dimension, sides[index] ?? 'src', packet, netmask));
  if (parts.includes(nothing)) return undefined;
  const texts = parts.map((part, index) => part ?? anyPort(dimensions[index], packet));
  return { parts, text: joined(texts) };
}

const nothing = '';

function partOf(dimension: Dimension, side: Side, packet: Packet, netmask: number): string | undefined {
  const isSource = side === 'src';
  const port = isSource ? packet.sourcePort : packet.destinationPort;
  const address = isSource ? packet.source : packet.destination;
  switch (dimension) {
    case 'ip':
      return netmask === hostPrefix(packet.family) ? address : networkPart(address, netmask).split('/')[0];
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
      return String(packet.mark);
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
  let near: SetEntry | undefined;
  for (const lengths of index.prefixes) {
    const parts = cutTo(index.dimensions, query.parts, lengths);
    const exact = parts.every(part => part !== undefined) ? index.entries.get(joined(parts)) : undefined;
    if (exact !== undefined) return { is: 'entry', entry: exact };
    const others = samePartsOf(index, parts);
    const chosen = parts.includes(undefined) ? others.find(entry => mayBeChosen(index, entry, protocol)) : undefined;
    if (chosen !== undefined) return { is: 'some ports', entry: chosen };
    near ??= nearest(index, others, query);
  }
  return { is: 'none', near };
}

function cutTo(
  dimensions: readonly Dimension[],
  parts: readonly (string | undefined)[],
  lengths: readonly number[],
): readonly (string | undefined)[] {
  let next = 0;
  return parts.map((part, index) =>
    dimensions[index] === 'net' && part !== undefined ? networkPart(part, lengths[next++] ?? 0) : part,
  );
}

/** Returns the entries that differ in the port only. Sets without addresses have no such entries. */
function samePartsOf(index: SetIndex, parts: readonly (string | undefined)[]): readonly SetEntry[] {
  if (index.dimensions.length === 1 && index.dimensions[0] !== 'bare port') return [];
  if (index.dimensions[0] === 'bare port') return parts.includes(undefined) ? [...index.entries.values()] : [];
  if (!index.dimensions.includes('port')) return [];
  return (
    index.apartFromPort().get(
      joinedWithoutPort(
        index.dimensions,
        parts.map(part => part ?? ''),
      ),
    ) ?? []
  );
}

function mayBeChosen(index: SetIndex, entry: SetEntry, protocol: Packet['protocol']): boolean {
  const text = index.dimensions[0] === 'bare port' ? entry.value : (portOf(index.dimensions, entry) ?? '');
  const [port, name] = text.split(':').reverse();
  const isProtocol = name === undefined || name === protocolNames[protocol];
  return isProtocol && Number(port) >= chosenPorts.first && Number(port) <= chosenPorts.last;
}

/** Prefers an entry with the same port and another protocol to one with another port. */
function nearest(index: SetIndex, others: readonly SetEntry[], { parts }: Query): SetEntry | undefined {
  const looked = parts[index.dimensions.indexOf('port')]?.split(':')[1];
  return others.find(entry => portOf(index.dimensions, entry)?.split(':')[1] === looked) ?? others[0];
}
