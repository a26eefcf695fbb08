import type { TableOutcome } from '../rules/table/walk-table.js';
import type { Packet } from '../trace/packet.js';
import type { Trace, Way } from '../trace/trace.js';
import { ended } from '../trace/trace-building.js';
import { isBeingSent, noAnswer, seenOfDrop, seenOfRejection } from './client-errors.js';
import { passTables } from './pass-tables.js';
import type { Pass } from './passes.js';
import { withRefusal } from './refusal.js';
import type { Go, Walk } from './walk.js';

/** Walks a packet through tables of a hook. A rule that drops or rejects it ends the trace. */
export const passHook = (walk: Walk, pass: Pass, packet: Packet, go: Go): Trace =>
  passTables({ walk, pass, go, onStop: outcome => stopped(walk, outcome, pass.way) }, packet);

function stopped(walk: Walk, { result, how = '', blame, packet }: TableOutcome, way: Way): Trace {
  const more = blame === undefined ? {} : { blame };
  // The sender of an answer gets the rejection. The client waits.
  if (way === 'back') return ended('dropped', noAnswer, more);
  if (result === 'reject') {
    const end = ended('refused', seenOfReject(packet, how), more);
    return withRefusal(walk, packet, end, how === 'tcp-reset' ? 'reset' : 'error');
  }
  return ended('dropped', seenOfDrop(packet), more);
}

function seenOfReject(packet: Packet, how: string): string {
  if (packet.protocol === 'UDP' && isBeingSent(packet)) return seenOfDrop(packet);
  // The kernel sends a reset to a port of a bridge past IPVS, so that it does not come from the VIP.
  const isPastIpvs = how === 'tcp-reset' && packet.virtual !== undefined && packet.bridgePortIn !== undefined;
  return isPastIpvs ? noAnswer : seenOfRejection(how, packet.protocol);
}
