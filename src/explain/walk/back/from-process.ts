import { findRoute, queryOf } from '../../datapath/routing.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { ArrivalStep, End, Trace } from '../../trace/trace.js';
import { notUnderstood, prepend } from '../../trace/trace-building.js';
import { noAnswer } from '../client-errors.js';
import { answerOf, type Connection } from '../connection.js';
import { passHook } from '../hooks.js';
import { back, tracked } from '../passes.js';
import type { Walk } from '../walk.js';
import { type Answer, type Delivered, unrouted } from './answer.js';
import { leave, restored, untranslated } from './at-client.js';
import { sourceBack } from './translations.js';

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
  if (found.kind === 'none') return unrouted(answer, packet);
  const leaving = { ...packet, outputDevice: found.device };
  const trace = passHook(walk, back('OUTPUT', 'raw', 'mangle'), leaving, passed => {
    const { packet: translated, steps } = sourceBack(connection, passed);
    return prepend(steps, restored(answer, translated, restOfOutput));
  });
  return prepend([departure(packet)], trace);
}

/** conntrack has given the answer its last destination by now, so that its route may be another one. */
function restOfOutput(answer: Answer, packet: Packet): Trace {
  const { walk } = answer;
  const found = findRoute(walk.node, queryOf(packet));
  const isLoop = found.kind === 'local';
  const device = found.kind === 'unicast' ? found.device : packet.outputDevice;
  const pass = { ...back('OUTPUT', 'filter', 'security'), isRest: true };
  return passHook(walk, pass, packet, passed =>
    isLoop
      ? throughLoopback(answer, { ...passed, outputDevice: 'lo' })
      : leave(answer, { ...passed, outputDevice: device }),
  );
}

const departure = (packet: Packet): ArrivalStep => ({
  kind: 'arrival',
  way: 'back',
  device: undefined,
  bridgePort: undefined,
  ends: endsOf(packet),
  text: 'a process of this node answers',
});

/** What the node sends to itself leaves through lo and arrives there again. */
function throughLoopback(answer: Answer, packet: Packet): Trace {
  const { walk } = answer;
  return passHook(walk, back('POSTROUTING', 'mangle'), packet, sent => {
    const arrived = { ...sent, inputDevice: 'lo', outputDevice: undefined };
    return passHook(walk, tracked(back('PREROUTING', 'raw', 'mangle')), arrived, passed =>
      passHook(walk, back('INPUT', 'mangle', 'filter', 'security'), passed, last => untranslated(answer, last)),
    );
  });
}
