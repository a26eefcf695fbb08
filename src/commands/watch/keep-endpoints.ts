import type { Kubectl } from '../../cluster/kubectl-command.js';
import { namespacedName } from '../../cluster/names.js';
import { type Remark, storeRemarks } from '../../cluster/remark.js';
import type { Service } from '../../cluster/schema/service.js';
import { ClusterStore, type ObjectChange } from '../../cluster/store.js';
import { affectedServices } from '../../endpoints/affected-services.js';
import { reconcileServices } from '../../endpoints/reconcile-services.js';
import { createFailureLog } from '../../output/failure-log.js';
import { createLineLimit } from '../../output/line-limit.js';
import type { Log } from '../../output/log.js';
import { createRemarkLog } from '../../output/remark-log.js';
import { reportOnce } from '../../output/report-once.js';
import { createSyncLoop, type LoopTiming } from '../../sync/loop.js';
import type { CommandOutcome } from '../shared/outcome.js';
import { createEndpointsWriter, type EndpointsWriter } from './endpoints-writer.js';
import type { FollowCluster } from './follow.js';

export interface WatchEndpointsOptions {
  /** Names of Services. Empty means all Services. */
  readonly services: readonly string[];
  readonly namespace: string | undefined;
  readonly kubectl: Kubectl;
  readonly follow: FollowCluster;
  readonly timing: LoopTiming;
}

/** Keeps the Endpoints objects of Services up to date with their Pods until the signal aborts. */
export async function keepEndpoints(
  options: WatchEndpointsOptions,
  log: Log,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const store = new ClusterStore();
  const failures = createFailureLog(log);
  const writer = createEndpointsWriter(options.kubectl, log, options.timing);
  const loop = createSyncLoop(endpointsWork(options, store, writer, log), options.timing, {
    onSynced: failures.succeeded,
    onFailed: failures.failed,
  });
  const feed = await options.follow(store, loop.changed, log.warning, signal);
  const counts = `Services: ${store.objects('Service').size}, Pods: ${store.objects('Pod').size}`;
  // If it is stopped before the lists are complete, the numbers are not those of the cluster.
  if (!signal.aborted) log.info(`following the cluster (${counts})`);
  try {
    await loop.run(signal);
    await writer.end();
  } finally {
    await feed.close();
  }
  log.info('stopped; the Endpoints objects stay');
  return 'done';
}

function endpointsWork({ services }: WatchEndpointsOptions, store: ClusterStore, writer: EndpointsWriter, log: Log) {
  const isSelected = ({ metadata }: Service): boolean => services.length === 0 || services.includes(metadata.name);
  const warn = createLineLimit(log.warning);
  const warnOnce = reportOnce(
    ({ namespace, line }: Remark) => warn(namespace, line),
    ({ line }) => line,
  );
  const reportObjects = createRemarkLog(log.warning);

  async function write(candidates: readonly Service[]): Promise<void> {
    reportObjects(storeRemarks(store));
    const selection = { services: candidates.filter(isSelected), invalid: store.invalid() };
    if (selection.services.length === 0) return;
    const { decisions, warnings } = reconcileServices(partFor(store, selection.services), selection);
    for (const warning of warnings) warnOnce(warning);
    for (const { outcome, service } of decisions)
      if (outcome !== 'changed') log.debug(`${namespacedName(service.metadata)}: ${outcome}`);
    for (const decision of decisions)
      if (decision.outcome !== 'changed') writer.forget(namespacedName(decision.service.metadata));
    await writer.write(decisions.flatMap(decision => (decision.outcome === 'changed' ? [decision] : [])));
  }

  /** Returns the Services whose objects were refused and are due. */
  function refusedServices(): readonly Service[] {
    return writer.due().flatMap(name => {
      const service = store.objects('Service').get(name);
      if (service === undefined) writer.forget(name);
      return service ?? [];
    });
  }

  return {
    all: () => write([...store.objects('Service').values()]),
    some: (changes: readonly ObjectChange[]) =>
      write([...new Set([...affectedServices(store, changes), ...refusedServices()])]),
    isUnsettled: () => writer.hasRefused(),
  };
}

/** Returns the Pods in the namespaces of these Services, and the Services' Endpoints objects. */
function partFor(store: ClusterStore, services: readonly Service[]) {
  const namespaces = new Set(services.map(({ metadata }) => metadata.namespace));
  return {
    pods: [...store.objects('Pod').values()].filter(({ metadata }) => namespaces.has(metadata.namespace)),
    endpoints: services.flatMap(({ metadata }) => store.objects('Endpoints').get(namespacedName(metadata)) ?? []),
  };
}
