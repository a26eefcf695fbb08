import type { RouteResult } from '../datapath/routing.js';
import { endsOf, type Packet } from '../trace/packet.js';
import type { RoutingStep, Way } from '../trace/trace.js';

/** A route to the node itself, or to another machine or a Pod. */
export type Found = Extract<RouteResult, { kind: 'local' | 'unicast' }>;

export const routingStep = (way: Way, packet: Packet, found: Found): RoutingStep => ({
  kind: 'routing',
  way,
  ends: endsOf(packet),
  isLocal: found.kind === 'local',
  device: found.device,
  gateway: found.gateway,
  text: textOf(packet.destination, found),
});

function textOf(to: string, { kind, device, gateway }: Found): string {
  if (kind === 'local') return `${to} is an address of this node, on ${device}`;
  return gateway === undefined
    ? `${to} is reached through ${device}`
    : `${to} is reached via ${gateway} through ${device}`;
}

/** Returns why a packet cannot be routed, by the type of the route. */
export const whyNoRoute = (destination: string, type: string): string =>
  type === 'none'
    ? `The node has no route to ${destination}: it is no address of the node, and no network leads there.`
    : `The node has a route of the type ${type} for ${destination}.`;
