import { addressAndPort } from '../../../net/address.js';
import { prefixLength } from '../../../net/network.js';
import { findRoute, queryOf, type RouteResult } from '../../datapath/routing.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { BackendPlace, DeliveryStep, End, Trace } from '../../trace/trace.js';
import { ended, prepend } from '../../trace/trace-building.js';
import { answerFromBackend } from '../back/from-backend.js';
import { noAnswer } from '../client-errors.js';
import { connectionOf } from '../connection.js';
import { passHook } from '../hooks.js';
import { there } from '../passes.js';
import { strayed } from '../unreachable.js';
import type { Walk } from '../walk.js';

type Server = NonNullable<End['server']>;

/** Sends a packet out of the node. */
export function leave(walk: Walk, packet: Packet, place: BackendPlace): Trace {
  const { destination } = packet;
  const route = findRoute(walk.node, { ...queryOf(packet), inputDevice: undefined });
  const nextHop = route.kind === 'unicast' ? (route.gateway ?? destination) : destination;
  const pass = { ...there('POSTROUTING', 'mangle', 'nat'), nextHop };
  const stray = strayed(walk, destination, route);
  const server = { address: destination, port: packet.destinationPort ?? 0, place };
  return passHook(walk, pass, packet, passed => {
    if (stray !== undefined) return ended('unanswered', noAnswer, { blame: stray, server });
    return isStranger(walk, passed, route) ? toStranger(walk, passed, server) : deliver(walk, passed, place);
  });
}

/** Returns true for an address that the client asked for and that neither the cluster nor a route of its own knows. */
const isStranger = (
  { surroundings }: Walk,
  { destination, virtual, isDestinationTranslated }: Packet,
  route: RouteResult,
): boolean =>
  virtual === undefined &&
  !isDestinationTranslated &&
  route.kind === 'unicast' &&
  prefixLength(route.route.destination) === 0 &&
  surroundings.placeOf(destination) === undefined;

function toStranger({ surroundings }: Walk, packet: Packet, server: Server): Trace {
  const { destination, source } = packet;
  if (surroundings.isVip(destination)) return astray(packet);
  const why = `whether a machine with the address ${destination} answers`;
  return ended('unknown', 'kproxy does not know', { seenSource: source, server, blame: { part: 'unknown', why } });
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
