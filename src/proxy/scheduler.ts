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
 */
export function schedulerOf({ annotations }: ServicePort, options: ProxyOptions): ChosenScheduler {
  const name = annotations[schedulerAnnotation]?.trim();
  const flagText = annotations[flagsAnnotation]?.trim();
  if (!name && !flagText) return { scheduler: options.scheduler };
  if (name && !isSchedulerName(name)) return fallback(options, schedulerAnnotation, name);
  const flags = flagText ? parseSchedulerFlags(flagText) : [];
  if (flags === undefined) return fallback(options, flagsAnnotation, flagText ?? '');
  return { scheduler: { name: name || options.scheduler.name, flags } };
}

const fallback = ({ scheduler }: ProxyOptions, annotation: string, value: string): ChosenScheduler => ({
  scheduler,
  problem: `annotation ${annotation}: ${JSON.stringify(value)} is not known to ipvsadm; ${scheduler.name} is used`,
});
