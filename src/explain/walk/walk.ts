import type { Family } from '../../net/address.js';
import type { DatapathIndex } from '../datapath-index.js';
import type { Packet } from '../packet.js';
import { findRoute, type RouteQuery } from '../routing.js';
import type { BackendPlace, Trace } from '../trace.js';
import type { Question, World } from './question.js';

/** What every step of one walk needs. */
export interface Walk {
  readonly node: DatapathIndex;
  readonly question: Question;
  readonly world: World;
  /** How many more tables the walk may pass, over all forks. It counts down, so that a trace stays readable. */
  readonly budget: { left: number };
}

/** What the packet's way is when a step is done. */
export type Go = (packet: Packet) => Trace;

/** What the kernel looks up the route of a packet by. */
export const queryOf = (packet: Packet): RouteQuery => {
  const { destination, source, inputDevice, mark, protocol, sourcePort, destinationPort } = packet;
  return { destination, source, inputDevice, mark, protocol, sourcePort, destinationPort };
};

/** The setting of one device, which the kernel asks for packets that arrive there. */
export const forwardingPath = (family: Family, device: string): string =>
  family === 'IPv4' ? `net/ipv4/conf/${device}/forwarding` : `net/ipv6/conf/${device}/forwarding`;

/** The one setting that turns forwarding on for all devices. */
export const forwardingSysctl = (family: Family): string =>
  family === 'IPv4' ? 'net/ipv4/ip_forward' : 'net/ipv6/conf/all/forwarding';

/** Returns true if the node forwards packets that arrive on a device. */
export function forwards({ node }: Walk, family: Family, device: string): boolean {
  const own = node.sysctl(forwardingPath(family, device));
  return (own ?? node.sysctl(forwardingSysctl(family)) ?? '1') !== '0';
}

/** The setting with which packets that a bridge forwards pass the rules of iptables, and IPVS. */
export const bridgeSysctl = (family: Family): string =>
  `net/bridge/bridge-nf-call-${family === 'IPv4' ? 'iptables' : 'ip6tables'}`;

export const callsIptables = ({ node }: Walk, family: Family): boolean => node.sysctl(bridgeSysctl(family)) === '1';

export const isBridge = ({ node }: Walk, device: string): boolean => node.link(device)?.type === 'bridge';

/** Returns the port of a bridge that an address is behind, `unknown`, or undefined for devices that are no bridge. */
export function bridgePortOf(walk: Walk, device: string, address: string): string | undefined {
  if (!isBridge(walk, device)) return undefined;
  return walk.node.datapath.bridgePorts?.[address] ?? 'unknown';
}

/** Returns true for the address of a Pod on this node. */
export function isOnThisNode(walk: Walk, address: string): boolean {
  const known = walk.world.placeOf(address);
  if (known !== undefined) return known === 'here';
  const route = findRoute(walk.node, { destination: address });
  return route.kind === 'unicast' && route.gateway === undefined && !walk.node.isUplink(route.device);
}

export function placeOf(walk: Walk, address: string): BackendPlace {
  if (walk.question.client.address === address) return 'the client itself';
  return isOnThisNode(walk, address) ? 'here' : 'elsewhere';
}

/** Returns the first packet of the question's connection. */
export function firstPacket(
  { question }: Walk,
  from: Pick<Packet, 'source' | 'inputDevice' | 'outputDevice' | 'bridgePortIn'>,
): Packet {
  const { family, protocol, destination, isEstablished } = question;
  const ends = {
    source: from.source,
    sourcePort: undefined,
    destination: destination.address,
    destinationPort: destination.port,
  };
  return {
    ...ends,
    family,
    protocol,
    mark: 0,
    connectionMark: 0,
    state: isEstablished ? 'ESTABLISHED' : 'NEW',
    isReply: false,
    isSourceTranslated: false,
    isDestinationTranslated: false,
    original: ends,
    inputDevice: from.inputDevice,
    outputDevice: from.outputDevice,
    bridgePortIn: from.bridgePortIn,
    bridgePortOut: undefined,
    virtual: undefined,
  };
}
