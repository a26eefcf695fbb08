import { addressAndPort } from '../../net/address.js';
import { ipvsDevice } from '../../node/names.js';
import { type Ends, endsOf, type Packet } from '../packet.js';
import { findRoute } from '../routing.js';
import type { ArrivalStep, Blame, ConntrackStep, End, Step, Trace } from '../trace.js';
import { noAnswer } from './client-errors.js';
import { answerOf, type Connection } from './connection.js';
import { passHook } from './hooks.js';
import { restore } from './ipvs.js';
import { whyMartian } from './source-validation.js';
import { ended, notUnderstood, prepend } from './trace-building.js';
import {
  bridgePortOf,
  bridgeSysctl,
  callsIptables,
  forwardingPath,
  forwardingSysctl,
  forwards,
  type Go,
  isBridge,
  isOnThisNode,
  queryOf,
  type Walk,
} from './walk.js';

/** What the end of a trace says of the request that was delivered. */
export type Delivered = Pick<End, 'seenSource' | 'server'>;

interface Answer {
  /** The end of the trace if the client gets a refusal instead of an answer. */
  readonly refusal?: End;
  readonly walk: Walk;
  readonly connection: Connection;
  readonly delivered: Delivered;
}

/** How conntrack calls the packets of an answer, one after another. Each of them must arrive. */
function statesOf({ protocol }: Packet, { isTracked }: Connection): readonly Packet['state'][] {
  if (isTracked) return ['ESTABLISHED'];
  if (protocol === 'UDP') return ['NEW'];
  // conntrack accepts a TCP connection that it did not see begin, but not one that begins with its second packet.
  return protocol === 'TCP' ? ['INVALID', 'NEW'] : ['INVALID'];
}

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

const isAnswered = ({ end }: Trace): boolean =>
  end.kind === 'end' ? end.verdict === 'answered' : end.branches.every(({ trace }) => isAnswered(trace));

const failed = ({ delivered }: Answer, blame: Blame): Trace => ended('unanswered', noAnswer, { ...delivered, blame });

function fromElsewhere(answer: Answer, packet: Packet, device: string): Trace {
  const { walk } = answer;
  const { destination } = packet;
  if (walk.node.isLocal(destination)) {
    const isVip = walk.node.addressesOf(ipvsDevice).some(({ address }) => address === destination);
    if (isVip && walk.world.othersHoldVips)
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

const arrival = (packet: Packet): ArrivalStep => ({
  kind: 'arrival',
  way: 'back',
  device: packet.inputDevice,
  bridgePort: packet.bridgePortIn,
  ends: endsOf(packet),
  text: `the answer of ${packet.source} arrives on ${packet.inputDevice}`,
});

function arrive(answer: Answer, packet: Packet, device: string): Trace {
  const { walk, connection } = answer;
  const isCalled = isBridge(walk, device) && callsIptables(walk, packet.family);
  const arrived: Packet = {
    ...packet,
    inputDevice: device,
    bridgePortIn: isCalled ? bridgePortOf(walk, device, packet.source) : undefined,
  };
  const pass = { hook: 'PREROUTING', way: 'back', tables: ['raw', 'mangle', 'nat'] } as const;
  const after = passHook(walk, pass, arrived, passed => {
    const { packet: translated, steps } = sourceBack(connection, passed);
    return prepend(steps, route(answer, translated, isCalled));
  });
  return prepend([arrival(arrived)], after);
}

const translation = (before: Ends, after: Packet, text: string): ConntrackStep => ({
  kind: 'conntrack',
  way: 'back',
  before: endsOf(before),
  ends: endsOf(after),
  text,
});

/** Gives an answer the client's own address as its destination, if the request was masqueraded. */
function sourceBack({ original, isTracked, isSourceTranslated }: Connection, packet: Packet) {
  if (!isTracked || !isSourceTranslated) return { packet, steps: [] };
  const after = { ...packet, destination: original.source, destinationPort: original.sourcePort };
  const text = `the answer to ${packet.destination} goes to ${original.source}, whose request was masqueraded`;
  return { packet: after, steps: [translation(packet, after, text)] };
}

/** Gives an answer the source that the client knows, if a rule has changed the request's destination. */
function destinationBack(
  { original, isTracked, isDestinationTranslated }: Connection,
  packet: Packet,
): { readonly packet: Packet; readonly steps: readonly Step[] } {
  if (!isTracked || !isDestinationTranslated) return { packet, steps: [] };
  const after = { ...packet, source: original.destination, sourcePort: original.destinationPort };
  return { packet: after, steps: [translation(packet, after, 'the answer gets the address that the client asked')] };
}

function route(answer: Answer, packet: Packet, isBridged: boolean): Trace {
  const { walk } = answer;
  const martian = whyMartian(walk, packet);
  if (martian !== undefined) return failed(answer, martian);
  const { destination, inputDevice, family } = packet;
  const found = findRoute(walk.node, queryOf(packet));
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none')
    return failed(answer, { part: 'route', to: destination, why: `The node has no route to ${destination}.` });
  if (found.kind === 'local') return prepend([routing(packet, found, 'the node itself')], input(answer, packet));
  const device = found.device;
  const staysOnBridge = isBridged && found.gateway === undefined && device === inputDevice;
  // The bridge asks the node's routing only for a destination that conntrack has changed, and that of IPv6 checks later
  // whether the node forwards.
  const isAccepted = !answer.connection.isSourceTranslated || family === 'IPv6' || forwards(walk, family, device);
  if (staysOnBridge && isAccepted) return bridged(answer, { ...packet, outputDevice: device });
  const step = routing(packet, found, destination);
  if (!forwards(walk, family, inputDevice ?? device))
    return prepend([step], failed(answer, notForwarding(walk, packet)));
  return prepend([step], forward(answer, { ...packet, outputDevice: device }));
}

const routing = (
  packet: Packet,
  { kind, device, gateway }: { kind: string; device: string; gateway: string | undefined },
  to: string,
): Step => ({
  kind: 'routing',
  way: 'back',
  ends: endsOf(packet),
  isLocal: kind === 'local',
  device,
  gateway,
  text: kind === 'local' ? `${packet.destination} is an address of this node` : wayTo(to, device, gateway),
});

export const wayTo = (to: string, device: string, gateway: string | undefined): string =>
  gateway === undefined ? `${to} is reached through ${device}` : `${to} is reached via ${gateway} through ${device}`;

/** The blame for a packet that the node would have to forward. */
export function notForwarding({ node }: Walk, { family, inputDevice = '' }: Packet): Blame {
  const everywhere = forwardingSysctl(family);
  // The kernel passes a new value of this setting on to all devices, but not one that it has already.
  const isOff = node.sysctl(everywhere) !== '1';
  return {
    part: 'sysctl',
    name: isOff ? everywhere : forwardingPath(family, inputDevice),
    value: '0',
    needed: '1',
    why: `The node does not forward packets that arrive on ${inputDevice}.`,
  };
}

function input(answer: Answer, packet: Packet): Trace {
  const pass = { hook: 'INPUT', way: 'back', tables: ['mangle', 'filter', 'security'] } as const;
  return passHook(answer.walk, { ...pass, isTracked: true }, packet, passed => restored(answer, passed, atClientHere));
}

function forward(answer: Answer, packet: Packet, { isBridged } = { isBridged: false }): Trace {
  const pass = { hook: 'FORWARD', way: 'back', tables: ['mangle', 'filter', 'security'] } as const;
  return passHook(answer.walk, pass, packet, passed =>
    isBridged
      ? restored(answer, { ...passed, inputDevice: undefined }, leave)
      : restored(answer, passed, passed.virtual === undefined ? leave : leaveRerouted),
  );
}

/** IPVS looks the route of an answer up again, which may lead elsewhere from the VIP (`ip_vs_route_me_harder`). */
function leaveRerouted(answer: Answer, packet: Packet): Trace {
  const { walk } = answer;
  if (walk.node.sysctl('net/ipv4/vs/snat_reroute') === '0') return leave(answer, packet);
  const found = findRoute(walk.node, { ...queryOf(packet), protocol: undefined, inputDevice: undefined });
  if (found.kind === 'unknown') return notUnderstood(found.why);
  const { destination } = packet;
  if (found.kind === 'none')
    return failed(answer, { part: 'route', to: destination, why: `The node has no route to ${destination}.` });
  return leave(answer, { ...packet, outputDevice: found.device });
}

/** A bridge's frames pass FORWARD, whether or not the node forwards packets. */
function bridged(answer: Answer, packet: Packet): Trace {
  const { walk } = answer;
  const { inputDevice: device = '', bridgePortIn, destination, source } = packet;
  const bridgePortOut = bridgePortOf(walk, device, destination);
  const returns = destination === source ? returnsTo(walk, device, bridgePortIn) : true;
  if (returns === undefined)
    return notUnderstood(`which port of the bridge ${device} the Pod ${source} is behind is not known`);
  if (!returns)
    return failed(answer, {
      part: 'hairpin',
      port: bridgePortIn ?? 'unknown',
      why: `The bridge ${device} does not return a packet to the port from which it came.`,
    });
  return forward(answer, { ...packet, bridgePortOut }, { isBridged: true });
}

/** Returns whether a bridge returns packets to a port, or undefined if that depends on a port that is not known. */
function returnsTo({ node }: Walk, bridge: string, port: string | undefined): boolean | undefined {
  const known = port === undefined ? undefined : node.link(port);
  if (known !== undefined) return known.isHairpin !== false;
  const all = new Set(
    node.datapath.links.filter(({ master }) => master === bridge).map(link => link.isHairpin !== false),
  );
  return all.size > 1 ? undefined : !all.has(false);
}

/** IPVS gives the answer the VIP after the filter of INPUT, FORWARD and before that of OUTPUT. */
function restored(answer: Answer, packet: Packet, go: (answer: Answer, packet: Packet) => Trace): Trace {
  const { packet: after, steps } = restore(packet);
  const state = answer.connection.isTracked || after === packet ? after.state : 'UNTRACKED';
  return prepend(steps, go(answer, { ...after, state }));
}

const leave = (answer: Answer, packet: Packet): Trace => {
  const pass = { hook: 'POSTROUTING', way: 'back', tables: ['mangle'] } as const;
  return passHook(answer.walk, pass, packet, passed => {
    const { packet: last, steps } = destinationBack(answer.connection, passed);
    return prepend(steps, atClient(answer, last));
  });
};

const atClientHere = (answer: Answer, packet: Packet): Trace => {
  const { packet: last, steps } = destinationBack(answer.connection, packet);
  return prepend(steps, atClient(answer, last));
};

/** The client accepts an answer only from the address and port that it asked, at those that it asked from. */
function atClient(answer: Answer, packet: Packet, otherwise?: Blame): Trace {
  const { original } = answer.connection;
  const from = addressAndPort(packet.source, packet.sourcePort ?? 0);
  const asked = addressAndPort(original.destination, original.destinationPort ?? 0);
  const isExpected =
    packet.source === original.destination &&
    packet.sourcePort === original.destinationPort &&
    packet.destination === original.source;
  const step: Step = {
    kind: 'delivery',
    way: 'back',
    to: 'client',
    ends: endsOf(packet),
    text: isExpected ? `the client gets the answer from ${from}` : `the client does not know ${from}, and ignores it`,
  };
  if (isExpected && answer.refusal !== undefined) return { steps: [step], end: answer.refusal };
  if (isExpected) return prepend([step], ended('answered', `an answer from ${from}`, answer.delivered));
  const blame: Blame = otherwise ?? {
    part: 'source',
    source: packet.destination,
    why: `The answer comes from ${from}, and the client asked ${asked}.`,
  };
  return prepend([step], failed(answer, blame));
}

/** Walks the answer of a process of this node back to the client. */
export const answerFromProcess = (walk: Walk, connection: Connection, request: Packet, delivered: Delivered): Trace =>
  sendFromProcess({ walk, connection, delivered }, request);

/** Walks the refusal of the node's TCP or SCTP to the client. Returns the trace of the refusal alone if it arrives. */
export function resetFromProcess(walk: Walk, connection: Connection, request: Packet, refusal: End): Trace {
  const trace = sendFromProcess({ walk, connection, delivered: {}, refusal }, request);
  return isRefused(trace) ? { steps: [], end: refusal } : trace;
}

const isRefused = ({ end }: Trace): boolean =>
  end.kind === 'end' ? end.clientSees !== noAnswer : end.branches.every(({ trace }) => isRefused(trace));

function sendFromProcess(answer: Answer, request: Packet): Trace {
  const { walk, connection } = answer;
  const packet = answerOf(connection, request);
  const found = findRoute(walk.node, queryOf(packet));
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none')
    return failed(answer, {
      part: 'route',
      to: packet.destination,
      why: `The node has no route to ${packet.destination}.`,
    });
  const leaving = { ...packet, outputDevice: found.device };
  const pass = { hook: 'OUTPUT', way: 'back', tables: ['raw', 'mangle'] } as const;
  const trace = passHook(walk, pass, leaving, passed => {
    const { packet: translated, steps } = sourceBack(connection, passed);
    return prepend(
      steps,
      restored(answer, translated, (_, last) => restOfOutput(answer, last)),
    );
  });
  return prepend([fromProcess(packet)], trace);
}

/** conntrack has given the answer its last destination by now, so that its route may be another one. */
function restOfOutput(answer: Answer, packet: Packet): Trace {
  const { walk } = answer;
  const found = findRoute(walk.node, queryOf(packet));
  const isLoop = found.kind === 'local';
  const device = found.kind === 'unicast' ? found.device : packet.outputDevice;
  const rest = { hook: 'OUTPUT', way: 'back', tables: ['filter', 'security'], isRest: true } as const;
  return passHook(walk, rest, packet, passed =>
    isLoop ? loop(answer)({ ...passed, outputDevice: 'lo' }) : leave(answer, { ...passed, outputDevice: device }),
  );
}

const fromProcess = (packet: Packet): ArrivalStep => ({
  kind: 'arrival',
  way: 'back',
  device: undefined,
  bridgePort: undefined,
  ends: endsOf(packet),
  text: `a process of this node answers`,
});

/** What the node sends to itself leaves through lo and arrives there again. */
const loop =
  (answer: Answer): Go =>
  packet => {
    const { walk } = answer;
    const out = { hook: 'POSTROUTING', way: 'back', tables: ['mangle'] } as const;
    const back = { hook: 'PREROUTING', way: 'back', tables: ['raw', 'mangle'], isTracked: true } as const;
    const into = { hook: 'INPUT', way: 'back', tables: ['mangle', 'filter', 'security'] } as const;
    return passHook(walk, out, packet, sent =>
      passHook(walk, back, { ...sent, inputDevice: 'lo', outputDevice: undefined }, arrived =>
        passHook(walk, into, arrived, last => atClientHere(answer, last)),
      ),
    );
  };
