import type { Registry } from 'prom-client';
import type { Family } from '../net/address.js';
import type { ChangeCounts } from './change-counts.js';
import type { Probe } from './health-server.js';
import { defineMetrics } from './metric-definitions.js';
import type { ToolObserver } from './observe-tools.js';
import { addProcessMetrics } from './process-metrics.js';
import type { RuleCount } from './rule-counts.js';
import { type PolicyCounts, trafficPolicies } from './without-local-endpoints.js';

interface QueuedFigures {
  /** The number of changed objects. */
  readonly pending: ChangeCounts;
  /** The number of changes as kube-proxy's proxiers count them together. */
  readonly seen: ChangeCounts;
  /** The served families that the changes concern. */
  readonly families: readonly Family[];
}

/** What a sync did for one family. */
interface FamilyFigures {
  readonly family: Family;
  /** For each change of the family's endpoints, the time from its cause to this sync. */
  readonly programmingSeconds: readonly number[];
}

interface SyncFigures {
  readonly seconds: number;
  /** True for a full sync, false for a partial one. */
  readonly isFull: boolean;
  /** The number of changed objects that the sync applied. */
  readonly applied: ChangeCounts;
  /** The families that the sync was about, of those that the node serves. */
  readonly synced: readonly FamilyFigures[];
  /** The families that the node serves. The others lose their series. */
  readonly served: readonly Family[];
  /** The rules that the node has, and those that the sync wrote. */
  readonly rules: readonly RuleCount[];
  readonly written: readonly RuleCount[];
  /** Counts Services without local endpoints. Called only if the metrics are read before the next sync. */
  readonly countWithoutLocal: () => PolicyCounts;
}

/** Records events. */
export interface SyncMetrics extends ToolObserver {
  /** Records changes that wait for a sync. */
  recordQueued(figures: QueuedFigures): void;
  /** Records a successful sync. */
  recordSync(figures: SyncFigures): void;
  recordProbe(probe: Probe, code: number): void;
}

export interface PrometheusMetrics extends SyncMetrics {
  readonly contentType: string;
  /** Returns all metrics in Prometheus' text format. */
  text(): Promise<string>;
}

/** Records nothing, for a process that serves no metrics. */
export const noMetrics: SyncMetrics = {
  recordQueued: () => {},
  recordSync: () => {},
  recordProbe: () => {},
  onConntrack: () => {},
  onRestoreFailed: () => {},
};

export interface MetricsOptions {
  readonly now: () => Date;
  /** The families that the node serves as far as is known at the start. */
  readonly served: readonly Family[];
  /** kproxy's version. */
  readonly version: string;
}

/**
 * Creates metrics with kube-proxy's names, labels, help texts and buckets (pkg/proxy/metrics of Kubernetes 1.37), so
 * that dashboards and alerts for kube-proxy keep working. kube-proxy has a proxier for each family that the node
 * serves, and each records its own syncs. One sync of kproxy is about both families, so it is recorded for each: a full
 * sync for all served families, a partial one for those that its changes concern.
 */
export async function createMetrics({ now, served, version }: MetricsOptions): Promise<PrometheusMetrics> {
  // Loaded late, because nothing else needs prom-client. Bundled, a CommonJS module has only a default export.
  const { default: client } = await import('prom-client');
  const registry = new client.Registry();
  const metrics = defineMetrics(client, registry);
  const build = { name: 'kproxy_build_info', help: 'The version of kproxy', registers: [registry] };
  new client.Gauge({ ...build, labelNames: ['version'] }).set({ version }, 1);
  await addProcessMetrics(registry);
  return recorder(metrics, registry, { now, served });
}

type Metrics = ReturnType<typeof defineMetrics>;

function recorder(
  metrics: Metrics,
  registry: Registry,
  { now, served }: Omit<MetricsOptions, 'version'>,
): PrometheusMetrics {
  const nowSeconds = () => now().getTime() / 1_000;
  let countWithoutLocal: (() => PolicyCounts) | undefined;
  let families = served;
  for (const ip_family of served) metrics.lastQueueTime.set({ ip_family }, nowSeconds());
  return {
    recordQueued: figures => {
      for (const ip_family of figures.families) metrics.lastQueueTime.set({ ip_family }, nowSeconds());
      metrics.serviceChanges.inc(figures.seen.services);
      metrics.servicesPending.inc(figures.pending.services);
      metrics.endpointChanges.inc(figures.seen.endpoints);
      metrics.endpointsPending.inc(figures.pending.endpoints);
    },
    recordSync: figures => {
      for (const ip_family of families) if (!figures.served.includes(ip_family)) forget(metrics, ip_family);
      families = figures.served;
      ({ countWithoutLocal } = figures);
      for (const one of figures.synced) recordFamily(metrics, figures, one, nowSeconds());
      metrics.servicesPending.dec(figures.applied.services);
      metrics.endpointsPending.dec(figures.applied.endpoints);
      setRules(metrics.rules, figures.rules, families);
      setRules(metrics.writtenRules, figures.written, families);
    },
    recordProbe: (probe, code) => metrics[probe].inc({ code: String(code) }),
    onConntrack: (seconds, ip_family, deleted) => {
      metrics.conntrackDuration.observe({ ip_family }, seconds);
      metrics.deletedFlows.inc({ ip_family }, deleted);
    },
    onRestoreFailed: ip_family => metrics.restoreFailures.inc({ ip_family }),
    // kube-proxy's server says as well that no name needs escaping.
    contentType: `${registry.contentType}; escaping=underscores`,
    text: () => {
      if (countWithoutLocal !== undefined) setWithoutLocal(metrics, countWithoutLocal(), families);
      countWithoutLocal = undefined;
      return registry.metrics();
    },
  };
}

function recordFamily(metrics: Metrics, { isFull, seconds }: SyncFigures, one: FamilyFigures, now: number): void {
  const { family: ip_family, programmingSeconds } = one;
  metrics.duration.observe({ ip_family }, seconds);
  (isFull ? metrics.fullDuration : metrics.partialDuration).observe({ ip_family }, seconds);
  metrics.lastSyncTime.set({ ip_family }, now);
  for (const latency of programmingSeconds) metrics.programming.observe({ ip_family }, latency);
}

/** Removes the series that would go stale without a sync of the family. */
function forget(
  { lastQueueTime, lastSyncTime, rules, writtenRules, withoutLocalEndpoints }: Metrics,
  ip_family: Family,
) {
  for (const gauge of [lastQueueTime, lastSyncTime]) gauge.remove({ ip_family });
  for (const gauge of [rules, writtenRules]) for (const table of ['filter', 'nat']) gauge.remove({ ip_family, table });
  for (const traffic_policy of trafficPolicies) withoutLocalEndpoints.remove({ ip_family, traffic_policy });
}

function setRules(gauge: Metrics['rules'], counts: readonly RuleCount[], served: readonly Family[]): void {
  for (const { family: ip_family, table, rules } of counts)
    if (served.includes(ip_family)) gauge.set({ ip_family, table }, rules);
}

function setWithoutLocal({ withoutLocalEndpoints }: Metrics, counts: PolicyCounts, served: readonly Family[]): void {
  for (const ip_family of served)
    for (const traffic_policy of trafficPolicies)
      withoutLocalEndpoints.set({ ip_family, traffic_policy }, counts[ip_family][traffic_policy]);
}
