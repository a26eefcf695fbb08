import type { DatapathIndex } from '../datapath/datapath-index.js';
import type { Packet } from '../trace/packet.js';
import type { Trace } from '../trace/trace.js';
import type { Question } from './question.js';
import type { Surroundings } from './surroundings.js';

/** What every step of one walk needs. */
export interface Walk {
  readonly node: DatapathIndex;
  readonly question: Question;
  readonly surroundings: Surroundings;
  /** How many more tables the walk may pass, over all forks. It counts down, so that a trace stays readable. */
  readonly budget: { left: number };
}

/** What the packet's way is when a step is done. */
export type Go = (packet: Packet) => Trace;
