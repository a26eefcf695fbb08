import type { PolicyCheck } from './check.js';
import { type Judge, missing } from './missing.js';

/** A table that nothing has used yet accepts. */
export const missingPolicy: Judge<PolicyCheck> = ({ on, table, chain, policy: wanted }, { workers }) => {
  const actual = workers[on].chains.get(`${table} ${chain}`)?.policy ?? 'ACCEPT';
  return actual === wanted ? undefined : missing(texts => texts.policyDiffers({ chain, actual, wanted }));
};
