import { findRoute } from '../../datapath/routing.js';
import type { Packet } from '../../trace/packet.js';
import type { BackendPlace, Trace } from '../../trace/trace.js';
import { ended, notUnderstood, prepend } from '../../trace/trace-building.js';
import { seenOfRejection } from '../client-errors.js';
import { passHook } from '../hooks.js';
import { there, tracked } from '../passes.js';
import { withRefusal } from '../refusal.js';
import { type Found, routingStep, whyNoRoute } from '../routing-step.js';
import { unreachable } from '../unreachable.js';
import type { Walk } from '../walk.js';
import { deliverHere, throughLoopback } from './deliver-here.js';
import { leave } from './leave.js';

/** Sends a packet to the real server that IPVS has selected. IPVS passes it through OUTPUT, whoever sent it. */
export function sendBalanced(walk: Walk, packet: Packet, place: BackendPlace): Trace {
  const isTracked = walk.node.sysctl('net/ipv4/vs/conntrack') === '1' && packet.state !== 'UNTRACKED';
  const balanced: Packet = isTracked ? packet : { ...packet, state: 'UNTRACKED' };
  const found = findRoute(walk.node, { destination: packet.destination });
  if (found.kind === 'unknown') return notUnderstood(found.why);
  if (found.kind === 'none') return withoutRoute(walk, packet, found.type);
  if (found.kind === 'local') return toOwnAddress(walk, balanced, found);
  // In OUTPUT a packet has no input device, wherever it came from.
  const leaving = { ...balanced, inputDevice: undefined, outputDevice: found.device };
  const trace = passHook(walk, tracked(there('OUTPUT', 'raw', 'mangle', 'filter', 'security')), leaving, passed =>
    leave(walk, { ...passed, inputDevice: packet.inputDevice }, place),
  );
  return prepend([routingStep('there', leaving, found)], trace);
}

/** IPVS sends the client an ICMP error if no route leads to the real server (`dst_link_failure`). */
function withoutRoute(walk: Walk, packet: Packet, type: string): Trace {
  const { destination, protocol, virtual } = packet;
  const seen = seenOfRejection('icmp-host-unreachable', protocol);
  const blame = unreachable(walk, destination, whyNoRoute(destination, type));
  const asked = { ...packet, destination: virtual?.address ?? destination };
  return withRefusal(walk, asked, ended('unanswered', seen, { blame }));
}

/** A backend in the node's own network is a process of this node: IPVS passes the packet on instead of sending it. */
function toOwnAddress(walk: Walk, packet: Packet, found: Found): Trace {
  const step = routingStep('there', packet, found);
  if (packet.inputDevice !== undefined) return prepend([step], deliverHere(walk, packet));
  const output = tracked(there('OUTPUT', 'filter', 'security'));
  return prepend(
    [step],
    passHook(walk, output, { ...packet, outputDevice: 'lo' }, passed => throughLoopback(walk, passed)),
  );
}
