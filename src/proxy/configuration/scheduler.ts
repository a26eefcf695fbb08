import { KproxyError } from '../../errors.js';
import { type Table, table } from '../../table.js';
import type { Scheduler } from '../options.js';

/**
 * The form of the kernel's names. Which schedulers exist depends on the kernel's modules and shows when one is used.
 */
const schedulerName = /^[a-z][a-z0-9_-]{0,14}$/;

export const isSchedulerName = (name: string): boolean => schedulerName.test(name);

/** kube-proxy sets flag 0x10 (`FlagSourceHash`) for mh. IPVS reads it as mh-port: the client's port is hashed too. */
const defaultFlags: Table<readonly number[]> = table({ mh: [2] });

/**
 * Parses the name of the scheduler for all virtual servers.
 * @param option the name that the error shows
 * @throws KproxyError option-invalid
 */
export function parseScheduler(option: string, name: string): Scheduler {
  if (isSchedulerName(name)) return { name, flags: defaultFlags[name] ?? [] };
  throw new KproxyError({
    message: `${option}: ${JSON.stringify(name)} is not the name of an IPVS scheduler`,
    advice:
      'The kernel has rr, wrr, lc, wlc, lblc, lblcr, sh, dh, sed, nq, fo, ovf, mh and more, depending on its modules.',
    code: 'option-invalid',
  });
}
