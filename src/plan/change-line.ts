import { type Change, subjectOf } from '../node/change.js';
import { kindOf } from '../node/kinds/index.js';

/** Returns `add: virtual server TCP 10.254.10.128:80 rr`, for logs and for errors that list what is left to do. */
export const changeLine = (change: Change): string => {
  const subject = subjectOf(change);
  return `${change.verb}: ${kindOf(subject).describe(subject)}`;
};
