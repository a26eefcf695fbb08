import type { Registry } from 'prom-client';

/**
 * Adds prom-client's metrics of the process, without the event loop monitor that `collectDefaultMetrics` adds as well:
 * it wakes an idle process 100 times a second.
 */
export async function addProcessMetrics(registry: Registry): Promise<void> {
  const groups = await Promise.all([
    import('prom-client/lib/metrics/processCpuTotal.js'),
    import('prom-client/lib/metrics/processStartTime.js'),
    import('prom-client/lib/metrics/osMemoryHeap.js'),
    import('prom-client/lib/metrics/processOpenFileDescriptors.js'),
    import('prom-client/lib/metrics/processMaxFileDescriptors.js'),
    import('prom-client/lib/metrics/heapSizeAndUsed.js'),
    import('prom-client/lib/metrics/version.js'),
  ]);
  for (const group of groups) group.default(registry);
}
