import { nodeQueries } from '../../cluster/node-queries.js';
import type { KubectlFlags } from '../../cluster/run-kubectl.js';
import type { ProxyOptions } from '../../proxy/options.js';
import type { ReadScope } from '../../sync/coverage.js';
import { defaultTiming } from '../../sync/loop.js';
import type { Io } from '../shared/io.js';
import type { CommandOutcome } from '../shared/outcome.js';
import { type ClusterSource, nodeKinds, optionalNodeKinds } from '../shared/read-cluster.js';
import { type LockSetting, whileLocked } from '../shared/while-locked.js';
import { createFollower } from './follow.js';
import { openWatchHealth } from './health.js';
import { keepNode } from './keep-node.js';
import { type LogSetting, logOf, untilTerminated } from './staying.js';

export interface WatchSyncSetting extends ReadScope, LogSetting {
  readonly source: ClusterSource;
  readonly kubectlFlags: KubectlFlags;
  readonly proxy: ProxyOptions;
  readonly lock: LockSetting;
  /** In milliseconds. */
  readonly syncPeriod: number;
  /** The least time between the beginnings of two syncs, in milliseconds. */
  readonly minSyncPeriod: number;
  readonly healthzBindAddress: string;
  readonly metricsBindAddress: string;
  /** Ends with an error if an address of a server cannot be bound, instead of trying again. */
  readonly bindAddressHardFail: boolean;
  /** From -1000 (never killed when memory is short) to 1000. */
  readonly oomScoreAdj: number;
}

/** Follows the cluster and keeps the node programmed until SIGTERM or SIGINT. Holds the node's lock all that time. */
export async function watchSync(setting: WatchSyncSetting, io: Io): Promise<CommandOutcome> {
  const { source, proxy, namespace, kubectlFlags, syncPeriod } = setting;
  const log = logOf(setting, io);
  const health = await openWatchHealth({
    healthzBindAddress: setting.healthzBindAddress,
    metricsBindAddress: setting.metricsBindAddress,
    syncPeriodMilliseconds: syncPeriod,
    nodeName: proxy.nodeName,
    onTrouble: log.warning,
  });
  const follow = createFollower({
    kinds: nodeKinds,
    selections: nodeQueries(proxy.nodeName),
    optional: optionalNodeKinds,
    namespace,
    onEndpointsSource: log.info,
    from: source.from,
    kubectl: kubectlFlags,
    io,
  });
  const options = {
    ...setting,
    follow,
    timing: { ...defaultTiming, periodMilliseconds: syncPeriod },
    observer: health.observer,
  };
  try {
    // With a large cluster in memory, starting a tool from this process would take longer than the tool.
    const lock = { ...setting.lock, runner: 'shell' } as const;
    return await whileLocked(lock, io, node => keepNode(options, health.observeTools(node), log, untilTerminated()));
  } finally {
    await health.close();
  }
}
