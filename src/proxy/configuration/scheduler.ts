import { KproxyError } from '../../errors.js';
import { parseSchedulerFlags } from '../../node/tools/ipvsadm.js';
import type { Scheduler } from '../options.js';

/** The kernel's own names are short and plain; which of them there are depends on the kernel and is found out by using one. */
const schedulerName = /^[a-z][a-z0-9_-]{0,14}$/;

export const isSchedulerName = (name: string): boolean => schedulerName.test(name);

/** With mh kube-proxy has the client's port count too, so that the connections of one client spread out. */
const defaultFlags: Readonly<Record<string, readonly number[]>> = { mh: [2] };

/**
 * The scheduler of all virtual servers.
 * @throws KproxyError (exit code 2)
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

/** Scheduler flags in ipvsadm's spelling (`sh-port,flag-2`), or undefined where there is one that ipvsadm does not know. */
export const schedulerFlags = parseSchedulerFlags;
