import { type Change, subjectOf } from './change.js';
import { keyOf } from './kinds/index.js';
import type { Reason, Reasons } from './reason.js';

/**
 * Returns the reasons of a change. Looked up on demand: a first sync has tens of thousands of changes whose reasons are
 * never read.
 */
export const reasonsOf = (change: Change, reasons: Reasons): readonly Reason[] =>
  change.reasons ?? reasons.of(keyOf(subjectOf(change)));
