import type { RouteResult } from '../../datapath/routing.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { RoutingStep } from '../../trace/trace.js';
import { wayTo } from '../forwarding.js';

export type Found = Extract<RouteResult, { kind: 'local' | 'unicast' }>;

export const routingStep = (packet: Packet, found: Found): RoutingStep => ({
  kind: 'routing',
  way: 'there',
  ends: endsOf(packet),
  isLocal: found.kind === 'local',
  device: found.device,
  gateway: found.gateway,
  text:
    found.kind === 'local'
      ? `${packet.destination} is an address of this node, on ${found.device}`
      : wayTo(packet.destination, found.device, found.gateway),
});

export const whyNoRoute = (destination: string, type: string): string =>
  type === 'none'
    ? `The node has no route to ${destination}: it is no address of the node, and no network leads there.`
    : `The node has a route of the type ${type} for ${destination}.`;
