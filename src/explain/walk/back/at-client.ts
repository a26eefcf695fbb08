import { addressAndPort } from '../../../net/address.js';
import { endsOf, type Packet } from '../../trace/packet.js';
import type { Blame, Step, Trace } from '../../trace/trace.js';
import { ended, prepend } from '../../trace/trace-building.js';
import { passHook } from '../hooks.js';
import { restore } from '../ipvs.js';
import { back } from '../passes.js';
import { type Answer, failed } from './answer.js';
import { destinationBack } from './translations.js';

/** IPVS gives the answer the VIP after the filter of INPUT, FORWARD and before that of OUTPUT. */
export function restored(answer: Answer, packet: Packet, go: (answer: Answer, packet: Packet) => Trace): Trace {
  const { packet: after, steps } = restore(packet);
  const state = answer.connection.isTracked || after === packet ? after.state : 'UNTRACKED';
  return prepend(steps, go(answer, { ...after, state }));
}

/** Sends an answer out of the node. */
export const leave = (answer: Answer, packet: Packet): Trace =>
  passHook(answer.walk, back('POSTROUTING', 'mangle'), packet, passed => untranslated(answer, passed));

/** Gives an answer the address that the client asked, and the client the answer. */
export function untranslated(answer: Answer, packet: Packet): Trace {
  const { packet: last, steps } = destinationBack(answer.connection, packet);
  return prepend(steps, atClient(answer, last));
}

/** The client accepts an answer only from the address and port that it asked, at those that it asked from. */
export function atClient(answer: Answer, packet: Packet, otherwise?: Blame): Trace {
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
