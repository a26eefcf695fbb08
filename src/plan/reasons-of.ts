import { type Change, subjectOf } from '../node/change.js';
import { keyOf } from '../node/kinds/index.js';
import type { Reason, Reasons } from '../node/reason.js';

/**
 * Returns the reasons of a change. Looked up on demand: a first sync has tens of thousands of changes whose reasons are
 * never read.
 */
export const reasonsOf = (change: Change, reasons: Reasons): readonly Reason[] =>
  change.reasons ?? reasons.of(keyOf(subjectOf(change)));
