import type { SysctlCheck } from './check.js';
import { type Judge, missing } from './missing.js';

export const missingSysctl: Judge<SysctlCheck> = ({ on, name, value: wanted }, { workers }) => {
  const actual = workers[on].sysctls.get(name);
  if (actual === undefined) return missing(texts => texts.sysctlIsMissing({ name }));
  return actual === wanted ? undefined : missing(texts => texts.sysctlDiffers({ name, actual, wanted }));
};
