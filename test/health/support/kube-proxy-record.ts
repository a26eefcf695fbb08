import { readFileSync, writeFileSync } from 'node:fs';
import { labelNames, type Metric } from './exposition.js';

/** One metric of kube-proxy, without what differs from run to run. */
export interface RecordedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly bounds: readonly string[];
}

/** What an HTTP server of kube-proxy answers. */
export interface RecordedPage {
  /** The port and the path. */
  readonly page: string;
  readonly code: number;
  readonly contentType: string;
}

/** By metric and labels. */
export type RecordedSamples = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * The metrics of the real kube-proxy 1.37.2 in ipvs mode. kernel/metrics-beside-kube-proxy.test.ts records them if
 * KPROXY_RECORD=1 is set.
 */
export interface KubeProxyRecord {
  readonly metrics: readonly RecordedMetric[];
  readonly pages: readonly RecordedPage[];
  /** The values that follow from the changes and probes of the recording alone. */
  readonly samples: RecordedSamples;
}

const file = new URL('../kube-proxy-metrics.json', import.meta.url);

export const readRecord = (): KubeProxyRecord => JSON.parse(readFileSync(file, 'utf8'));

/** Writes one metric or page per line. */
export function writeRecord({ metrics, pages, samples }: KubeProxyRecord): void {
  const list = (items: readonly unknown[]) => items.map(item => `    ${JSON.stringify(item)}`).join(',\n');
  const values = Object.entries(samples).map(([name, of]) => `    ${JSON.stringify(name)}: ${JSON.stringify(of)}`);
  const parts = [
    `  "metrics": [\n${list(metrics)}\n  ]`,
    `  "pages": [\n${list(pages)}\n  ]`,
    `  "samples": {\n${values.join(',\n')}\n  }`,
  ];
  writeFileSync(file, `{\n${parts.join(',\n')}\n}\n`);
}

/** Returns what is compared of a metric. */
export const recordOf = (metric: Metric): RecordedMetric => ({
  name: metric.name,
  type: metric.type,
  help: metric.help,
  labels: labelNames(metric),
  bounds: metric.name.startsWith('kubeproxy_') ? metric.bounds : [],
});

/** The metrics whose values follow from the changes of the cluster, the probes and the node alone. */
const countable = [
  'kubeproxy_conntrack_reconciler_deleted_entries_total',
  'kubeproxy_network_programming_duration_seconds',
  'kubeproxy_proxy_healthz_total',
  'kubeproxy_proxy_livez_total',
  'kubeproxy_sync_proxy_rules_endpoint_changes_pending',
  'kubeproxy_sync_proxy_rules_endpoint_changes_total',
  'kubeproxy_sync_proxy_rules_no_local_endpoints_total',
  'kubeproxy_sync_proxy_rules_service_changes_pending',
  'kubeproxy_sync_proxy_rules_service_changes_total',
];

/** Returns the values of those metrics. Of a histogram, only the number of observations. */
export const countableSamples = (metrics: readonly Metric[]): RecordedSamples =>
  Object.fromEntries(
    metrics
      .filter(({ name }) => countable.includes(name))
      .map(({ name, samples }) => [
        name,
        Object.fromEntries(Object.entries(samples).filter(([labels]) => !labels.endsWith('_sum'))),
      ]),
  );
