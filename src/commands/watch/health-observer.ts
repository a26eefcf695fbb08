import type { ClusterStore, ObjectChange } from '../../cluster/store.js';
import { type ChangeCounts, changeCounts, proxierCounts, servedAndConcerned } from '../../health/change-counts.js';
import { concernedFamilies } from '../../health/changed-families.js';
import type { SyncMetrics } from '../../health/metrics.js';
import { programmingSeconds } from '../../health/programming-time.js';
import { ruleCounts, writtenRules } from '../../health/rule-counts.js';
import { serviceHealthPorts } from '../../health/service-health.js';
import type { ServiceHealthServer } from '../../health/service-health-server.js';
import type { SyncHealth } from '../../health/sync-health.js';
import { countWithoutLocalEndpoints } from '../../health/without-local-endpoints.js';
import type { Family } from '../../net/address.js';
import type { LoopReport } from '../../sync/loop.js';
import type { Synced } from '../../sync/programmer.js';
import { sourcesIn } from '../../sync/touched.js';
import type { WatchObserver } from './observers.js';

const none: ChangeCounts = { services: 0, endpoints: 0 };

interface HealthObserverOptions {
  readonly health: SyncHealth;
  readonly metrics: SyncMetrics;
  readonly services: ServiceHealthServer;
  readonly nodeName: string;
  readonly now: () => Date;
  /** The families that the node serves as far as is known at the start. */
  readonly served: readonly Family[];
}

/** Returns an observer that keeps the servers' answers true: health, metrics, and health check node ports. */
export function createHealthObserver(options: HealthObserverOptions): Required<WatchObserver> {
  const { health, metrics, services, nodeName } = options;
  const since = options.now();
  let { served } = options;
  /** The number of listed objects as long as no sync has applied them. Undefined before they are there. */
  let listed: ChangeCounts | undefined;
  const recordQueued = (changes: readonly ObjectChange[]) =>
    metrics.recordQueued({
      pending: changeCounts(changes),
      seen: proxierCounts(changes, served),
      families: servedAndConcerned(changes, served),
    });
  return {
    onObjects: store => {
      health.setNode([...store.objects('Node').values()].find(({ metadata }) => metadata.name === nodeName));
      if (listed !== undefined) return;
      // kube-proxy counts each listed object as an added one.
      const additions = additionsOf(store);
      listed = changeCounts(additions);
      recordQueued(additions);
    },
    onQueued: changes => {
      health.recordQueued();
      recordQueued(changes);
    },
    onSynced: (report, store) => {
      ({ served } = report.result);
      health.recordSync(served);
      recordSync(options, report, store, { since, listed: listed ?? none });
      listed = none;
      // Opening and closing ports must not delay the next sync.
      void services.update(serviceHealthPorts(store.objects('Service').values(), sourcesIn(store), nodeName));
    },
    onFailed: health.recordQueued,
  };
}

/** Returns the Services and their endpoints as additions. */
const additionsOf = (store: ClusterStore): readonly ObjectChange[] =>
  (['Service', 'EndpointSlice', 'Endpoints'] as const).flatMap(kind =>
    [...store.objects(kind).values()].map(after => ({ kind, before: undefined, after }) as ObjectChange),
  );

function recordSync(
  { metrics, nodeName, now }: HealthObserverOptions,
  { changes, isWhole, milliseconds, result }: LoopReport<Synced>,
  store: ClusterStore,
  { since, listed }: { readonly since: Date; readonly listed: ChangeCounts },
): void {
  const { desired, plan, served } = result;
  const changed = changeCounts(changes);
  const concerned = isWhole ? served : servedAndConcerned(changes, served);
  metrics.recordSync({
    seconds: milliseconds / 1_000,
    isFull: isWhole,
    applied: { services: changed.services + listed.services, endpoints: changed.endpoints + listed.endpoints },
    served,
    synced: concerned.map(family => ({
      family,
      programmingSeconds: programmingSeconds(
        changes.filter(change => concernedFamilies(change).has(family)),
        { since, now: now() },
      ),
    })),
    rules: ruleCounts(desired.state),
    written: writtenRules(plan),
    countWithoutLocal: () => countWithoutLocalEndpoints(store.objects('Service').values(), sourcesIn(store), nodeName),
  });
}
