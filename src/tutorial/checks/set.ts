import { similarNames } from '../../similar-names.js';
import type { Worker } from '../machines.js';
import type { KernelAnswer, Missing } from '../observe/observed.js';
import type { SetCheck } from './check.js';
import { type Judge, missing } from './missing.js';

export const missingSet: Judge<SetCheck> = ({ on, name: set, type: wanted }, { workers }) => {
  const { sets } = workers[on];
  const found = sets.get(set);
  if (found === undefined) return noSet(on, set, sets);
  const { type, isIpv6 } = found;
  if (type !== wanted) return missing(texts => texts.setHasOtherType({ set, type, wanted }));
  return isIpv6 ? missing(texts => texts.setIsForIpv6({ set })) : undefined;
};

/** Returns the reason for a set that is not there. */
export function noSet(on: Worker, set: string, sets: KernelAnswer['sets']): Missing {
  const [similar] = similarNames(set, sets.keys());
  if (similar !== undefined) return missing(texts => texts.setHasSimilarName({ set, similar }));
  return missing(texts => texts.setIsMissing({ on, set }));
}
