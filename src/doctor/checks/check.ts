import type { Facts } from '../facts.js';
import type { Judgement } from '../finding.js';

/** One concern. A pure function from facts to judgements. */
export interface DoctorCheck {
  /** The name that findings have, in one or two words. */
  readonly name: string;
  readonly judge: (facts: Facts) => readonly Judgement[];
}
