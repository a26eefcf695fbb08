import type { Family } from '../../../net/address.js';
import { findRoute, queryOf } from '../../datapath/routing.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { ArrivalStep, Trace } from '../../trace/trace.js';
import { ended, notUnderstood, prepend } from '../../trace/trace-building.js';
import { bridgePortOf, callsIptables, isBridge } from '../bridges.js';
import { noAnswer, seenOfRejection } from '../client-errors.js';
import { firstPacket } from '../first-packet.js';
import { forwards, notForwarding } from '../forwarding.js';
import { passHook } from '../hooks.js';
import { balance, serverFor } from '../ipvs.js';
import { whyMartian } from '../martian.js';
import { rest, there, tracked } from '../passes.js';
import { placeOf } from '../places.js';
import { withRefusal } from '../refusal.js';
import { type Found, routingStep, whyNoRoute } from '../routing-step.js';
import { strayed, unreachable } from '../unreachable.js';
import type { Walk } from '../walk.js';
import { deliverHere } from './deliver-here.js';
import { leave } from './leave.js';
import { sendBalanced } from './send-balanced.js';

/** Walks a packet that comes from a Pod or from another machine. */
export function fromDevice(walk: Walk, source: string): Trace {
  const back = findRoute(walk.node, { destination: source });
  if (back.kind === 'unknown') return notUnderstood(back.why);
  if (back.kind === 'none')
    return ended('unanswered', noAnswer, {
      blame: unreachable(walk, source, `The node has no route to ${source}, and cannot answer it.`),
    });
  const stray = strayed(walk, source, back);
  if (stray !== undefined) return ended('unanswered', noAnswer, { blame: stray });
  const inputDevice = back.device;
  const isCalled = isBridge(walk, inputDevice) && callsIptables(walk, walk.question.family);
  const bridgePortIn = isCalled ? bridgePortOf(walk, inputDevice, source) : undefined;
  const packet = firstPacket(walk, { source, inputDevice, outputDevice: undefined, bridgePortIn });
  const step: ArrivalStep = {
    kind: 'arrival',
    way: 'there',
    device: inputDevice,
    bridgePort: bridgePortIn,
    ends: endsOf(packet),
    text: `from ${source} on ${inputDevice}`,
  };
  const trace = passHook(walk, there('PREROUTING', 'raw', 'mangle', 'nat'), packet, passed => routeInput(walk, passed));
  return prepend([step], trace);
}

function routeInput(walk: Walk, packet: Packet): Trace {
  const martian = whyMartian(walk, packet);
  if (martian !== undefined) return ended('dropped', noAnswer, { blame: martian });
  const { inputDevice, family } = packet;
  const found = findRoute(walk.node, queryOf(packet));
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none') return refuseToForward(walk, packet, found.type);
  if (found.kind === 'local') return prepend([routingStep('there', packet, found)], input(walk, packet));
  if (!forwards(walk, family, inputDevice ?? ''))
    return ended('dropped', noAnswer, { blame: notForwarding(walk, packet) });
  return prepend([routingStep('there', packet, found)], forward(walk, packet, found));
}

/** A node that forwards sends the client an ICMP error. */
function refuseToForward(walk: Walk, packet: Packet, type: string): Trace {
  const { destination, family, inputDevice = '' } = packet;
  const blame = unreachable(walk, destination, whyNoRoute(destination, type));
  const isSilent = type === 'blackhole' || !forwards(walk, family, inputDevice);
  if (isSilent) return ended('dropped', noAnswer, { blame });
  const seen = seenOfRejection(errorWithoutRoute[family](type), packet.protocol);
  return withRefusal(walk, packet, ended('unanswered', seen, { blame }));
}

/** The error about a packet that cannot be routed, by the type of the route. Seen on Linux 6.1. */
const errorWithoutRoute: Readonly<Record<Family, (type: string) => string>> = {
  IPv4: type => (type === 'none' ? 'icmp-net-unreachable' : `icmp-host-${type}`),
  IPv6: type => (type === 'prohibit' ? 'icmp6-adm-prohibited' : 'icmp6-no-route'),
};

function input(walk: Walk, packet: Packet): Trace {
  return passHook(walk, tracked(there('INPUT', 'mangle', 'filter', 'security')), packet, passed => {
    const server = serverFor(walk, passed);
    if (server !== undefined)
      return balance(walk, server, passed, (balanced, { place }) => sendBalanced(walk, balanced, place));
    return passHook(walk, rest(there('INPUT', 'nat')), passed, last => deliverHere(walk, last));
  });
}

function forward(walk: Walk, packet: Packet, { device }: Found): Trace {
  const leaving = { ...packet, outputDevice: device };
  return passHook(walk, there('FORWARD', 'mangle', 'filter', 'security'), leaving, passed =>
    leave(walk, passed, placeOf(walk, passed.destination)),
  );
}
