import { KproxyError } from '../errors.js';
import type { Scheduler } from '../proxy/options.js';

/**
 * Throws if the kernel does not have the scheduler of all Services that choose none themselves.
 * @throws KproxyError (`scheduler-missing`)
 */
export function requireScheduler({ name }: Scheduler, missing: ReadonlySet<string>): void {
  if (!missing.has(name)) return;
  throw new KproxyError({
    code: 'scheduler-missing',
    message: `this node's kernel does not have the IPVS scheduler ${name}`,
    evidence: `A virtual server with it was refused, and no module ip_vs_${name} could be loaded.`,
    advice: 'Nothing was changed. Install the module, or choose another scheduler with --ipvs-scheduler.',
  });
}
