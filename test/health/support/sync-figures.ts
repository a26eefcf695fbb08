import type { PrometheusMetrics } from '../../../src/health/metrics.js';
import { families } from '../../../src/net/address.js';

type SyncFigures = Parameters<PrometheusMetrics['recordSync']>[0];

const counts = { internal: 0, external: 0 };

/** Returns a sync of both families that applied no changes, except for the given figures. */
export const syncFigures = (figures: Partial<SyncFigures>): SyncFigures => ({
  seconds: 0.02,
  isFull: true,
  applied: { services: 0, endpoints: 0 },
  synced: (figures.served ?? families).map(family => ({ family, programmingSeconds: [] })),
  served: families,
  rules: [],
  written: [],
  countWithoutLocal: () => ({ IPv4: counts, IPv6: counts }),
  ...figures,
});
