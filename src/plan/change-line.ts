import { type Change, subjectOf } from '../node/change.js';
import { kindOf } from '../node/kinds/index.js';

/** `add: virtual server TCP 10.254.10.128:80 rr`, for errors that say what is left to do. */
export const changeLine = (change: Change): string => {
  const subject = subjectOf(change);
  return `${change.verb}: ${kindOf(subject).describe(subject)}`;
};
