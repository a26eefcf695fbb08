import { addressAndPort } from '../../../net/address.js';
import { findRoute, queryOf } from '../../datapath/routing.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { BackendPlace, DeliveryStep, Trace } from '../../trace/trace.js';
import { ended, prepend } from '../../trace/trace-building.js';
import { answerFromBackend } from '../back/from-backend.js';
import { noAnswer } from '../client-errors.js';
import { connectionOf } from '../connection.js';
import { passHook } from '../hooks.js';
import { there } from '../passes.js';
import { strayed } from '../unreachable.js';
import type { Walk } from '../walk.js';

/** Sends a packet out of the node. */
export function leave(walk: Walk, packet: Packet, place: BackendPlace): Trace {
  const { destination } = packet;
  const route = findRoute(walk.node, { ...queryOf(packet), inputDevice: undefined });
  const nextHop = route.kind === 'unicast' ? (route.gateway ?? destination) : destination;
  const pass = { ...there('POSTROUTING', 'mangle', 'nat'), nextHop };
  const stray = strayed(walk, destination, route);
  const server = { address: destination, port: packet.destinationPort ?? 0, place };
  return passHook(walk, pass, packet, passed =>
    stray === undefined ? deliver(walk, passed, place) : ended('unanswered', noAnswer, { blame: stray, server }),
  );
}

/** Delivers a packet to a Pod or another machine, which is assumed to listen, and walks its answer back. */
function deliver(walk: Walk, packet: Packet, place: BackendPlace): Trace {
  const { destination, destinationPort = 0, source, outputDevice = '' } = packet;
  const step: DeliveryStep = {
    kind: 'delivery',
    way: 'there',
    to: place === 'elsewhere' ? 'elsewhere' : 'backend',
    ends: endsOf(packet),
    text: `${addressAndPort(destination, destinationPort)} gets the packet, and sees ${source} as its source`,
  };
  if (packet.virtual === undefined && walk.surroundings.isVip(destination)) return astray(packet);
  const server = { address: destination, port: destinationPort, place };
  const delivered = { seenSource: source, server };
  const connection = connectionOf(packet, endsOf(packet));
  return prepend([step], answerFromBackend(walk, connection, packet, delivered, outputDevice));
}

/** A VIP is on every node, so that a packet to it must not leave this one. */
const astray = ({ destination, outputDevice = '' }: Packet): Trace =>
  ended('unanswered', noAnswer, {
    blame: {
      part: 'route',
      to: destination,
      why:
        `${destination} is the address of a Service, and not one of this node: the packet leaves through ` +
        `${outputDevice}, and no machine there answers it.`,
    },
  });
