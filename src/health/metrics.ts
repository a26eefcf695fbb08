import { isEndpointKind } from '../cluster/kinds.js';
import type { ObjectChange } from '../cluster/store.js';
import type { Probe } from './health-server.js';
import { addProcessMetrics, defineMetrics } from './metric-definitions.js';

/** How many of a batch of changes concern Services, and how many concern their endpoints. */
export interface ChangeCounts {
  readonly services: number;
  readonly endpoints: number;
}

interface SyncFigures extends ChangeCounts {
  readonly seconds: number;
  /** True for a full sync, false for a partial one. */
  readonly isFull: boolean;
  /** For each change of endpoints, the time from its cause to this sync. */
  readonly programmingSeconds: readonly number[];
}

/** Records events. */
export interface SyncMetrics {
  /** Records changes that wait for a sync. */
  recordQueued(counts: ChangeCounts): void;
  /** Records a successful sync. `services` and `endpoints` count the changes that it applied. */
  recordSync(figures: SyncFigures): void;
  recordProbe(probe: Probe, code: number): void;
}

export interface PrometheusMetrics extends SyncMetrics {
  readonly contentType: string;
  /** Returns all metrics in Prometheus' text format. */
  text(): Promise<string>;
}

/** Records nothing, for a process that serves no metrics. */
export const noMetrics: SyncMetrics = { recordQueued: () => {}, recordSync: () => {}, recordProbe: () => {} };

export function changeCounts(changes: readonly ObjectChange[]): ChangeCounts {
  const services = changes.filter(({ kind }) => kind === 'Service').length;
  const endpoints = changes.filter(({ kind }) => isEndpointKind(kind)).length;
  return { services, endpoints };
}

/**
 * Creates metrics with kube-proxy's names, help texts and buckets (pkg/proxy/metrics), so that dashboards and alerts
 * for kube-proxy keep working. They lack the label `ip_family`, because one sync programs both families.
 */
export async function createMetrics({ now }: { readonly now: () => Date }): Promise<PrometheusMetrics> {
  // Loaded late, because nothing else needs prom-client. Bundled, a CommonJS module has only a default export.
  const { default: client } = await import('prom-client');
  const registry = new client.Registry();
  const metrics = defineMetrics(client, registry);
  await addProcessMetrics(registry);
  const nowSeconds = () => now().getTime() / 1_000;
  return {
    recordQueued: ({ services, endpoints }) => {
      metrics.lastQueueTime.set(nowSeconds());
      metrics.serviceChanges.inc(services);
      metrics.servicesPending.inc(services);
      metrics.endpointChanges.inc(endpoints);
      metrics.endpointsPending.inc(endpoints);
    },
    recordSync: ({ seconds, isFull, services, endpoints, programmingSeconds }) => {
      metrics.duration.observe(seconds);
      (isFull ? metrics.fullDuration : metrics.partialDuration).observe(seconds);
      metrics.lastSyncTime.set(nowSeconds());
      metrics.servicesPending.dec(services);
      metrics.endpointsPending.dec(endpoints);
      for (const latency of programmingSeconds) metrics.programming.observe(latency);
    },
    recordProbe: (probe, code) => metrics[probe].inc({ code: String(code) }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
