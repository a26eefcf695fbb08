import type { ProxyOptions, Scheduler } from './options.js';
import type { ServicePort } from './service-port.js';

/** The scheduler of a Service port's virtual servers. */
export const schedulerOf = (_port: ServicePort, options: ProxyOptions): Scheduler => options.scheduler;
