import { parseSchedulerFlags } from '../node/tools/ipvsadm.js';
import { isSchedulerName } from './configuration/scheduler.js';
import type { ProxyOptions, Scheduler } from './options.js';
import type { ServicePort } from './service-port.js';

/** The annotations by which users of kube-router choose a scheduler for a Service. */
const schedulerAnnotation = 'kube-router.io/service.scheduler';
const flagsAnnotation = 'kube-router.io/service.schedflags';

interface ChosenScheduler {
  readonly scheduler: Scheduler;
  /** Why an annotation has no effect, in a line for the user. */
  readonly problem?: string;
}

/**
 * Returns the scheduler of a Service port's virtual servers: from its annotations, else the node's. Text from the
 * cluster reaches a tool only if it looks like a name.
 * @param missing schedulers that the kernel does not have
 */
export function schedulerOf(
  { annotations }: Pick<ServicePort, 'annotations'>,
  options: Pick<ProxyOptions, 'scheduler'>,
  missing: readonly string[] = [],
): ChosenScheduler {
  const name = annotations[schedulerAnnotation]?.trim();
  const flagText = annotations[flagsAnnotation]?.trim();
  if (!name && !flagText) return { scheduler: options.scheduler };
  const scheduler = name || options.scheduler.name;
  if (name && !isSchedulerName(name)) return fallback(options, schedulerAnnotation, name, 'is not known to ipvsadm');
  if (name && missing.includes(name))
    return fallback(options, schedulerAnnotation, name, "is no scheduler of this node's kernel");
  const flags = flagText ? parseSchedulerFlags(scheduler, flagText) : [];
  if (flags === undefined)
    return fallback(options, flagsAnnotation, flagText ?? '', `is not known to ipvsadm for the scheduler ${scheduler}`);
  return { scheduler: { name: scheduler, flags } };
}

const fallback = (
  { scheduler }: Pick<ProxyOptions, 'scheduler'>,
  annotation: string,
  value: string,
  what: string,
): ChosenScheduler => ({
  scheduler,
  problem: `annotation ${annotation}: ${JSON.stringify(value)} ${what}; ${scheduler.name} is used`,
});
