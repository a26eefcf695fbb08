import type { Protocol } from '../../../net/protocol.js';
import { findRoute, queryOf } from '../../datapath/routing.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { ArrivalStep, Trace } from '../../trace/trace.js';
import { ended, notUnderstood, prepend } from '../../trace/trace-building.js';
import { noAnswer } from '../client-errors.js';
import { firstPacket } from '../first-packet.js';
import { passHook } from '../hooks.js';
import { balance, serverFor } from '../ipvs.js';
import { rest, there } from '../passes.js';
import { placeOf } from '../places.js';
import { routingStep, whyNoRoute } from '../routing-step.js';
import { unreachable } from '../unreachable.js';
import type { Walk } from '../walk.js';
import { throughLoopback } from './deliver-here.js';
import { leave } from './leave.js';
import { sendBalanced } from './send-balanced.js';

/** Walks a packet of one of the node's own processes. */
export function fromProcess(walk: Walk, chosenSource: string | undefined): Trace {
  const { destination, protocol } = walk.question;
  const { address, port: destinationPort } = destination;
  const found = findRoute(walk.node, { destination: address, source: chosenSource, protocol, destinationPort });
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none')
    return ended('unanswered', seenWithoutRoute(found.type, protocol), {
      blame: unreachable(walk, address, whyNoRoute(address, found.type)),
    });
  const source = chosenSource ?? found.source ?? '0.0.0.0';
  const outputDevice = found.kind === 'local' ? 'lo' : found.device;
  const packet = firstPacket(walk, { source, inputDevice: undefined, outputDevice, bridgePortIn: undefined });
  const step: ArrivalStep = {
    kind: 'arrival',
    way: 'there',
    device: undefined,
    bridgePort: undefined,
    ends: endsOf(packet),
    text: 'from a process of this node',
  };
  const trace = passHook(walk, there('OUTPUT', 'raw', 'mangle', 'nat'), packet, passed => output(walk, passed));
  return prepend([step, routingStep('there', packet, found)], trace);
}

/** What a process of this node sees if a packet cannot be routed. The kernel's SCTP waits, and tries again. */
const seenWithoutRoute = (type: string, protocol: Protocol): string => {
  if (protocol === 'SCTP') return noAnswer;
  if (type === 'prohibit') return 'Permission denied';
  if (type === 'blackhole') return 'Invalid argument';
  return type === 'none' ? 'Network is unreachable' : 'No route to host';
};

/** IPVS takes the node's own packets before the filter of OUTPUT, and whether or not the VIP is on a device. */
function output(walk: Walk, packet: Packet): Trace {
  const server = serverFor(walk, packet);
  if (server !== undefined)
    return balance(walk, server, packet, (balanced, { place }) => sendBalanced(walk, balanced, place));
  const found = findRoute(walk.node, queryOf(packet));
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none')
    return ended('unanswered', seenWithoutRoute(found.type, packet.protocol), {
      blame: unreachable(walk, packet.destination, whyNoRoute(packet.destination, found.type)),
    });
  // The hook goes on with the device that it began with, although a rule may have changed the destination.
  return passHook(walk, rest(there('OUTPUT', 'filter', 'security')), packet, passed =>
    found.kind === 'local'
      ? throughLoopback(walk, { ...passed, outputDevice: 'lo' })
      : leave(walk, { ...passed, outputDevice: found.device }, placeOf(walk, passed.destination)),
  );
}
