import { addressAndPort } from '../../net/address.js';
import { endsOf, type Packet } from '../packet.js';
import { findRoute, type RouteResult } from '../routing.js';
import type { ArrivalStep, BackendPlace, DeliveryStep, RoutingStep, Trace } from '../trace.js';
import { answerFromBackend, notForwarding, wayTo } from './answer.js';
import { noAnswer, seenOfRejection } from './client-errors.js';
import { connectionOf } from './connection.js';
import { deliverHere } from './delivery.js';
import { withError } from './error-way.js';
import { type Pass, passHook } from './hooks.js';
import { balance, serverFor } from './ipvs.js';
import { whyMartian } from './source-validation.js';
import { ended, notUnderstood, prepend } from './trace-building.js';
import { bridgePortOf, callsIptables, firstPacket, forwards, isBridge, placeOf, queryOf, type Walk } from './walk.js';

type Found = Extract<RouteResult, { kind: 'local' | 'unicast' }>;

const there = (hook: Pass['hook'], ...tables: Pass['tables']): Pass => ({ hook, way: 'there', tables });
const tracked = (pass: Pass): Pass => ({ ...pass, isTracked: true });
const rest = (pass: Pass): Pass => ({ ...pass, isTracked: true, isRest: true });

/** Walks a packet that comes from a Pod or from another machine. */
export function fromDevice(walk: Walk, source: string): Trace {
  const back = findRoute(walk.node, { destination: source });
  if (back.kind === 'unknown') return notUnderstood(back.why);
  if (back.kind === 'none')
    return ended('unanswered', noAnswer, {
      blame: { part: 'route', to: source, why: `The node has no route to ${source}, and cannot answer it.` },
    });
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

/** What a client of this node sees if a packet cannot be routed, by the type of the route. */
const noRoute = (type: string): string => {
  if (type === 'prohibit') return 'Permission denied';
  if (type === 'blackhole') return 'Invalid argument';
  return type === 'none' ? 'Network is unreachable' : 'No route to host';
};

function routeInput(walk: Walk, packet: Packet): Trace {
  const martian = whyMartian(walk, packet);
  if (martian !== undefined) return ended('dropped', noAnswer, { blame: martian });
  const { inputDevice, family } = packet;
  const found = findRoute(walk.node, queryOf(packet));
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none') return unreachable(walk, packet, found.type);
  if (found.kind === 'local') return prepend([routingStep(packet, found)], input(walk, packet));
  if (!forwards(walk, family, inputDevice ?? ''))
    return ended('dropped', noAnswer, { blame: notForwarding(walk, packet) });
  return prepend([routingStep(packet, found)], forward(walk, packet, found));
}

/** A node that forwards sends the client an ICMP error. */
function unreachable(walk: Walk, packet: Packet, type: string): Trace {
  const { destination, family, inputDevice = '' } = packet;
  const blame = { part: 'route', to: destination, why: whyNoRoute(destination, type) } as const;
  const isSilent = type === 'blackhole' || !forwards(walk, family, inputDevice);
  if (isSilent) return ended('dropped', noAnswer, { blame });
  const how = type === 'none' ? 'icmp-net-unreachable' : `icmp-host-${type}`;
  return withError(walk, packet, ended('unanswered', seenOfRejection(how, packet.protocol), { blame }));
}

const whyNoRoute = (destination: string, type: string): string =>
  type === 'none'
    ? `The node has no route to ${destination}: it is no address of the node, and no network leads there.`
    : `The node has a route of the type ${type} for ${destination}.`;

const routingStep = (packet: Packet, found: Found): RoutingStep => ({
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

/** Sends a packet to the real server that IPVS has selected. IPVS passes it through OUTPUT, whoever sent it. */
function sendBalanced(walk: Walk, packet: Packet, place: BackendPlace): Trace {
  const isTracked = walk.node.sysctl('net/ipv4/vs/conntrack') === '1' && packet.state !== 'UNTRACKED';
  const balanced: Packet = isTracked ? packet : { ...packet, state: 'UNTRACKED' };
  const found = findRoute(walk.node, { destination: packet.destination });
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none')
    return ended('unanswered', 'No route to host', {
      blame: { part: 'route', to: packet.destination, why: whyNoRoute(packet.destination, found.type) },
    });
  if (found.kind === 'local') return toOwnAddress(walk, balanced, found);
  // In OUTPUT a packet has no input device, wherever it came from.
  const leaving = { ...balanced, inputDevice: undefined, outputDevice: found.device };
  const trace = passHook(walk, tracked(there('OUTPUT', 'raw', 'mangle', 'filter', 'security')), leaving, passed =>
    leave(walk, { ...passed, inputDevice: packet.inputDevice }, place),
  );
  return prepend([routingStep(leaving, found)], trace);
}

/** A backend in the node's own network is a process of this node: IPVS passes the packet on instead of sending it. */
function toOwnAddress(walk: Walk, packet: Packet, found: Found): Trace {
  const step = routingStep(packet, found);
  if (packet.inputDevice !== undefined) return prepend([step], deliverHere(walk, packet));
  const output = tracked(there('OUTPUT', 'filter', 'security'));
  return prepend(
    [step],
    passHook(walk, output, { ...packet, outputDevice: 'lo' }, passed => throughLoopback(walk, passed)),
  );
}

function leave(walk: Walk, packet: Packet, place: BackendPlace): Trace {
  const { destination } = packet;
  const route = findRoute(walk.node, { ...queryOf(packet), inputDevice: undefined });
  const nextHop = route.kind === 'unicast' ? (route.gateway ?? destination) : destination;
  const pass = { ...there('POSTROUTING', 'mangle', 'nat'), nextHop };
  return passHook(walk, pass, packet, passed => deliver(walk, passed, place));
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
  if (packet.virtual === undefined && walk.world.isVip(destination)) return astray(packet);
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

/** Walks a packet of one of the node's own processes. */
export function fromProcess(walk: Walk, chosenSource: string | undefined): Trace {
  const { destination, protocol } = walk.question;
  const { address, port } = destination;
  const found = findRoute(walk.node, { destination: address, source: chosenSource, protocol, destinationPort: port });
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none')
    return ended('unanswered', noRoute(found.type), {
      blame: { part: 'route', to: address, why: whyNoRoute(address, found.type) },
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
  return prepend([step, routingStep(packet, found)], trace);
}

/** IPVS takes the node's own packets before the filter of OUTPUT, and whether or not the VIP is on a device. */
function output(walk: Walk, packet: Packet): Trace {
  const server = serverFor(walk, packet);
  if (server !== undefined)
    return balance(walk, server, packet, (balanced, { place }) => sendBalanced(walk, balanced, place));
  const found = findRoute(walk.node, queryOf(packet));
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none')
    return ended('unanswered', noRoute(found.type), {
      blame: { part: 'route', to: packet.destination, why: whyNoRoute(packet.destination, found.type) },
    });
  // The hook goes on with the device that it began with, although a rule may have changed the destination.
  return passHook(walk, rest(there('OUTPUT', 'filter', 'security')), packet, passed =>
    found.kind === 'local'
      ? throughLoopback(walk, { ...passed, outputDevice: 'lo' })
      : leave(walk, { ...passed, outputDevice: found.device }, placeOf(walk, passed.destination)),
  );
}

/** What the node sends to itself leaves through lo, and arrives there with the conntrack entry that it has. */
function throughLoopback(walk: Walk, packet: Packet): Trace {
  return passHook(walk, there('POSTROUTING', 'mangle', 'nat'), packet, sent => {
    const arrived = { ...sent, inputDevice: 'lo', outputDevice: undefined };
    return passHook(walk, tracked(there('PREROUTING', 'raw', 'mangle')), arrived, passed =>
      passHook(walk, tracked(there('INPUT', 'mangle', 'filter', 'security')), passed, last => deliverHere(walk, last)),
    );
  });
}
