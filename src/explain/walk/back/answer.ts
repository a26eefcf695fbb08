import type { Packet } from '../../trace/packet.js';
import type { Blame, End, Trace } from '../../trace/trace.js';
import { ended } from '../../trace/trace-building.js';
import { noAnswer } from '../client-errors.js';
import type { Connection } from '../connection.js';
import { unreachable } from '../unreachable.js';
import type { Walk } from '../walk.js';

/** What the end of a trace says of the request that was delivered. */
export type Delivered = Pick<End, 'seenSource' | 'server'>;

/** What every step of an answer needs. */
export interface Answer {
  readonly walk: Walk;
  readonly connection: Connection;
  readonly delivered: Delivered;
  /** The end of the trace if the client gets a refusal instead of an answer. */
  readonly refusal?: End;
}

/** Returns the end of an answer that does not get to the client. */
export const failed = ({ delivered }: Answer, blame: Blame): Trace =>
  ended('unanswered', noAnswer, { ...delivered, blame });

/** Returns the end of an answer that no usable route of the node leads to its destination. */
export const unrouted = (answer: Answer, { destination }: Packet): Trace =>
  failed(answer, unreachable(answer.walk, destination, `The node has no route to ${destination}.`));
