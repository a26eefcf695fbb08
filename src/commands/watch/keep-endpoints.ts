import type { Kubectl } from '../../cluster/kubectl-command.js';
import { namespacedName } from '../../cluster/names.js';
import { invalidObjectLine } from '../../cluster/problems.js';
import type { Service } from '../../cluster/schema/service.js';
import { ClusterStore, type ObjectChange } from '../../cluster/store.js';
import { applyWrites } from '../../endpoints/apply.js';
import { judgeServices } from '../../endpoints/judge-services.js';
import { servicesSelecting } from '../../endpoints/services-selecting.js';
import type { Log } from '../../output/log.js';
import { logFailure } from '../../output/sync-log.js';
import { type LoopTiming, syncLoop } from '../../sync/loop.js';
import { writesOf } from '../endpoints.js';
import type { CommandOutcome } from '../shared/outcome.js';
import type { FollowCluster } from './follow.js';
import { teller } from './teller.js';

export interface WatchEndpointsOptions {
  /** Names of Services; all Services where there is none. */
  readonly services: readonly string[];
  readonly namespace: string | undefined;
  readonly kubectl: Kubectl;
  readonly follow: FollowCluster;
  readonly timing: LoopTiming;
}

/** Keeps the Endpoints objects of Services as their Pods are, until the signal says stop. */
export async function keepEndpoints(
  options: WatchEndpointsOptions,
  log: Log,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const store = new ClusterStore();
  const told = teller(log);
  const loop = syncLoop(endpointsWork(options, store, log, told), options.timing, {
    onSynced: () => {},
    onFailed: (error, next) => logFailure(log, error, next),
  });
  const feed = await options.follow(store, loop.changed, log.warning, signal);
  log.info(`following the cluster (Services: ${store.objects('Service').size}, Pods: ${store.objects('Pod').size})`);
  try {
    await loop.run(signal);
  } finally {
    await feed.close();
  }
  log.info('stopped; the Endpoints objects stay');
  return 'done';
}

function endpointsWork(
  { services, kubectl }: WatchEndpointsOptions,
  store: ClusterStore,
  log: Log,
  told: (line: string) => void,
) {
  const isNamed = ({ metadata }: Service): boolean => services.length === 0 || services.includes(metadata.name);

  async function write(candidates: readonly Service[]): Promise<void> {
    for (const invalid of store.invalid()) told(invalidObjectLine(invalid));
    const selected = { services: candidates.filter(isNamed), invalid: store.invalid() };
    if (selected.services.length === 0) return;
    const { verdicts, untold } = judgeServices(partFor(store, selected.services), selected);
    for (const line of untold) told(line);
    for (const { is, service } of verdicts)
      if (is !== 'changed') log.debug(`${namespacedName(service.metadata)}: ${is}`);
    const changed = verdicts.filter(({ is }) => is === 'changed');
    if (changed.length > 0) await applyWrites(kubectl, changed, writesOf(changed), lineByLine(log));
  }

  return {
    all: () => write([...store.objects('Service').values()]),
    some: (changes: readonly ObjectChange[]) => write(servicesSelecting(store, changes)),
    isUnsettled: () => false,
  };
}

/** The Pods of these Services' namespaces and their Endpoints objects. */
function partFor(store: ClusterStore, services: readonly Service[]) {
  const namespaces = new Set(services.map(({ metadata }) => metadata.namespace));
  return {
    pods: [...store.objects('Pod').values()].filter(({ metadata }) => namespaces.has(metadata.namespace)),
    endpoints: services.flatMap(({ metadata }) => store.objects('Endpoints').get(namespacedName(metadata)) ?? []),
  };
}

/** kubectl's words as log lines. */
const lineByLine = (log: Log) => {
  const each = (tell: (line: string) => void) => (text: string) => {
    for (const line of text.split('\n')) if (line !== '') tell(line);
  };
  return { stdout: each(log.info), stderr: each(log.warning) };
};
