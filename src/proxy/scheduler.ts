import { parseSchedulerFlags } from '../node/tools/ipvsadm.js';
import { isSchedulerName } from './configuration/scheduler.js';
import type { ProxyOptions, Scheduler } from './options.js';
import type { ServicePort } from './service-port.js';

/** The annotations by which kube-router's users choose a scheduler Service by Service. */
const schedulerAnnotation = 'kube-router.io/service.scheduler';
const flagsAnnotation = 'kube-router.io/service.schedflags';

interface ChosenScheduler {
  readonly scheduler: Scheduler;
  /** An annotation that cannot be honoured, in a line for the user. */
  readonly problem?: string;
}

/** The scheduler of a Service port's virtual servers: by annotation, else the node's. Text from the cluster reaches a tool only if it looks like a name. */
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
  problem: `annotation ${annotation}: ${JSON.stringify(value)} is nothing that ipvsadm knows; ${scheduler.name} is used`,
});
