import { addressAndPort } from '../../../net/address.js';
import { ipvsDevice } from '../../../node/names.js';
import { findRoute } from '../../datapath/routing.js';
import type { Packet } from '../../trace/packet.js';
import type { Trace } from '../../trace/trace.js';
import { bridgeSysctl, callsIptables, isBridge } from '../bridges.js';
import { answerOf, type Connection } from '../connection.js';
import { isOnThisNode } from '../places.js';
import type { Walk } from '../walk.js';
import { type Answer, type Delivered, failed } from './answer.js';
import { arrive } from './arrive.js';
import { atClient } from './at-client.js';

/** Walks the answer of a backend back to the client. `device` is where this node sends packets to the backend. */
export function answerFromBackend(
  walk: Walk,
  connection: Connection,
  request: Packet,
  delivered: Delivered,
  device: string,
): Trace {
  const answer: Answer = { walk, connection, delivered };
  const [first, ...later] = statesOf(request, connection).map(state => {
    const packet = { ...answerOf(connection, request), state };
    return delivered.server?.place === 'elsewhere'
      ? fromElsewhere(answer, packet, device)
      : fromHere(answer, packet, device);
  });
  return [first as Trace, ...later].find(trace => !isAnswered(trace)) ?? (first as Trace);
}

/** How conntrack calls the packets of an answer, one after another. Each of them must arrive. */
function statesOf({ protocol }: Packet, { isTracked }: Connection): readonly Packet['state'][] {
  if (isTracked) return ['ESTABLISHED'];
  if (protocol === 'UDP') return ['NEW'];
  // conntrack accepts a TCP connection that it did not see begin, but not one that begins with its second packet.
  return protocol === 'TCP' ? ['INVALID', 'NEW'] : ['INVALID'];
}

const isAnswered = ({ end }: Trace): boolean =>
  end.kind === 'end' ? end.verdict === 'answered' : end.branches.every(({ trace }) => isAnswered(trace));

function fromElsewhere(answer: Answer, packet: Packet, device: string): Trace {
  const { walk } = answer;
  const { destination } = packet;
  if (walk.node.isLocal(destination)) {
    const isVip = walk.node.addressesOf(ipvsDevice).some(({ address }) => address === destination);
    if (isVip && walk.surroundings.othersHoldVips)
      return failed(answer, {
        part: 'source',
        source: destination,
        why: `The backend's node has the VIP ${destination} itself, so that the answer stays there.`,
      });
    return arrive(answer, packet, device);
  }
  if (isOnThisNode(walk, destination)) return arrive(answer, packet, device);
  return pastThisNode(answer, packet, 'The backend answers the client directly, not through this node');
}

/** An answer that does not come through this node reaches the client as the backend sent it. */
function pastThisNode(answer: Answer, packet: Packet, how: string): Trace {
  return atClient(answer, packet, {
    part: 'source',
    source: packet.destination,
    why:
      `${how}: it comes from ${addressAndPort(packet.source, packet.sourcePort ?? 0)}, and the client has no ` +
      `connection with that address.`,
  });
}

function fromHere(answer: Answer, packet: Packet, device: string): Trace {
  const { walk } = answer;
  const { destination, source, family } = packet;
  if (destination === source)
    return failed(answer, {
      part: 'source',
      source: destination,
      why: 'A Pod does not accept a packet that has its own address as the source.',
    });
  if (walk.node.isLocal(destination)) return arrive(answer, packet, device);
  const route = findRoute(walk.node, { destination });
  const isNeighbor = route.kind === 'unicast' && route.gateway === undefined && route.device === device;
  if (!isNeighbor || !isBridge(walk, device) || callsIptables(walk, family)) return arrive(answer, packet, device);
  return atClient(answer, packet, {
    part: 'sysctl',
    name: bridgeSysctl(family),
    value: walk.node.sysctl(bridgeSysctl(family)) ?? 'missing',
    needed: '1',
    why: 'The bridge passes the answer from Pod to Pod without IPVS, which would give it the address of the VIP.',
  });
}
