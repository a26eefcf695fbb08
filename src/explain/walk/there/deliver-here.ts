import { addressAndPort, familyOf } from '../../../net/address.js';
import type { ListeningSocket } from '../../../node/datapath/datapath.js';
import { ipvsDevice } from '../../../node/names.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { Blame, DeliveryStep, End, Trace } from '../../trace/trace.js';
import { ended, notUnderstood, prepend } from '../../trace/trace-building.js';
import { answerFromProcess, resetFromProcess } from '../back/from-process.js';
import { refused } from '../client-errors.js';
import { connectionOf } from '../connection.js';
import { passHook } from '../hooks.js';
import { nearServers } from '../ipvs.js';
import { there, tracked } from '../passes.js';
import { withRefusal } from '../refusal.js';
import type { Walk } from '../walk.js';

/** What the node sends to itself leaves through lo, and arrives there with the conntrack entry that it has. */
export function throughLoopback(walk: Walk, packet: Packet): Trace {
  return passHook(walk, there('POSTROUTING', 'mangle', 'nat'), packet, sent => {
    const arrived = { ...sent, inputDevice: 'lo', outputDevice: undefined };
    return passHook(walk, tracked(there('PREROUTING', 'raw', 'mangle')), arrived, passed =>
      passHook(walk, tracked(there('INPUT', 'mangle', 'filter', 'security')), passed, last => deliverHere(walk, last)),
    );
  });
}

/** Delivers a packet to a process of this node, or refuses it if none listens. */
export function deliverHere(walk: Walk, packet: Packet): Trace {
  const { destination, destinationPort = 0, protocol, source } = packet;
  const { sockets } = walk.node.datapath;
  const place = addressAndPort(destination, destinationPort);
  if (sockets === undefined)
    return notUnderstood(`whether a process of this node listens on ${protocol} ${place} is not known`);
  if (!sockets.some(socket => takes(socket, packet))) return refuse(walk, packet);
  const step: DeliveryStep = {
    kind: 'delivery',
    way: 'there',
    to: 'this node',
    ends: endsOf(packet),
    text: `a process of this node listens on ${protocol} ${place}`,
  };
  const server = { address: destination, port: destinationPort, place: 'this node' } as const;
  const end = { seenSource: source, server } satisfies Partial<End>;
  return prepend([step], answerFromProcess(walk, connectionOf(packet, endsOf(packet)), packet, end));
}

/** The reset of TCP and the abort of SCTP leave as an answer would, the error about a datagram as an ICMP packet. */
function refuse(walk: Walk, packet: Packet): Trace {
  const end = ended('refused', refused, { blame: notListening(walk, packet) });
  if (packet.protocol === 'UDP') return withRefusal(walk, packet, end);
  return resetFromProcess(walk, connectionOf(packet, endsOf(packet)), packet, end.end);
}

/** A socket of `::` takes IPv4 too, unless its program says otherwise, which /proc does not show. */
function takes(socket: ListeningSocket, { protocol, destination, destinationPort }: Packet): boolean {
  if (socket.protocol !== protocol || socket.port !== destinationPort) return false;
  if (socket.address === '::') return true;
  if (socket.address === '0.0.0.0') return familyOf(destination) === 'IPv4';
  return socket.address === destination;
}

/** A VIP is an address of the node, so that a packet without a virtual server gets to the node's own processes. */
function notListening(walk: Walk, packet: Packet): Blame {
  const { destination, destinationPort = 0, protocol } = packet;
  const why = `No process of this node listens on ${protocol} ${addressAndPort(destination, destinationPort)}.`;
  const near = nearServers(walk.node, packet);
  const isVip = walk.node.addressesOf(ipvsDevice).some(({ address }) => address === destination);
  if (!isVip && near.length === 0) return { part: 'socket', address: destination, port: destinationPort, why };
  const server = { protocol, address: destination, port: destinationPort };
  return {
    part: 'virtual server',
    server,
    why: `IPVS has no virtual server for it. ${why}`,
    ...(near.length === 0 ? {} : { near: near.join(', ') }),
  };
}
