import { findRoute, queryOf } from '../../datapath/routing.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { ArrivalStep, Trace } from '../../trace/trace.js';
import { notUnderstood, prepend } from '../../trace/trace-building.js';
import { bridgePortOf, callsIptables, isBridge } from '../bridges.js';
import { forwards, notForwarding } from '../forwarding.js';
import { passHook } from '../hooks.js';
import { whyMartian } from '../martian.js';
import { back, tracked } from '../passes.js';
import { routingStep } from '../routing-step.js';
import type { Walk } from '../walk.js';
import { type Answer, failed, unrouted } from './answer.js';
import { leave, restored, untranslated } from './at-client.js';
import { sourceBack } from './translations.js';

/** Walks an answer that this node gets from another machine or a Pod. */
export function arrive(answer: Answer, packet: Packet, device: string): Trace {
  const { walk, connection } = answer;
  const isCalled = isBridge(walk, device) && callsIptables(walk, packet.family);
  const arrived: Packet = {
    ...packet,
    inputDevice: device,
    bridgePortIn: isCalled ? bridgePortOf(walk, device, packet.source) : undefined,
  };
  const trace = passHook(walk, back('PREROUTING', 'raw', 'mangle', 'nat'), arrived, passed => {
    const { packet: translated, steps } = sourceBack(connection, passed);
    return prepend(steps, route(answer, translated, isCalled));
  });
  return prepend([arrival(arrived)], trace);
}

const arrival = (packet: Packet): ArrivalStep => ({
  kind: 'arrival',
  way: 'back',
  device: packet.inputDevice,
  bridgePort: packet.bridgePortIn,
  ends: endsOf(packet),
  text: `the answer of ${packet.source} arrives on ${packet.inputDevice}`,
});

function route(answer: Answer, packet: Packet, isBridged: boolean): Trace {
  const { walk } = answer;
  const martian = whyMartian(walk, packet);
  if (martian !== undefined) return failed(answer, martian);
  const { inputDevice, family } = packet;
  const found = findRoute(walk.node, queryOf(packet));
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none') return unrouted(answer, packet);
  if (found.kind === 'local') return prepend([routingStep('back', packet, found)], input(answer, packet));
  const device = found.device;
  const staysOnBridge = isBridged && found.gateway === undefined && device === inputDevice;
  // The bridge asks the node's routing only for a destination that conntrack has changed, and that of IPv6 checks later
  // whether the node forwards.
  const isAccepted = !answer.connection.isSourceTranslated || family === 'IPv6' || forwards(walk, family, device);
  if (staysOnBridge && isAccepted) return bridged(answer, { ...packet, outputDevice: device });
  const step = routingStep('back', packet, found);
  if (!forwards(walk, family, inputDevice ?? device))
    return prepend([step], failed(answer, notForwarding(walk, packet)));
  return prepend([step], forward(answer, { ...packet, outputDevice: device }));
}

function input(answer: Answer, packet: Packet): Trace {
  const pass = tracked(back('INPUT', 'mangle', 'filter', 'security'));
  return passHook(answer.walk, pass, packet, passed => restored(answer, passed, untranslated));
}

function forward(answer: Answer, packet: Packet, { isBridged } = { isBridged: false }): Trace {
  return passHook(answer.walk, back('FORWARD', 'mangle', 'filter', 'security'), packet, passed =>
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
  if (found.kind === 'none') return unrouted(answer, packet);
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
