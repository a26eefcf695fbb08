import { type Change, subjectOf } from '../node/change.js';
import { kindOf } from '../node/kinds/index.js';
import { visible } from '../visible.js';

/** Returns `add: virtual server TCP 10.254.10.128:80 rr`, for logs and for errors that list what is left to do. */
export const changeLine = (change: Change): string => {
  const subject = subjectOf(change);
  return visible(`${change.verb}: ${kindOf(subject).describe(subject)}`);
};

/** How many changes an error lists. */
const longest = 20;

/** Returns the first changes of a list, one a line, as the evidence of an error. */
export const firstChangeLines = (changes: readonly Change[]): string =>
  changes.slice(0, longest).map(changeLine).join('\n');
