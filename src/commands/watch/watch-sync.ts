import { nodeQueries } from '../../cluster/node-queries.js';
import type { KubectlFlags } from '../../cluster/run-kubectl.js';
import type { Log } from '../../output/log.js';
import { fieldAt } from '../../proxy/configuration/fields.js';
import type { ServerAddresses } from '../../proxy/configuration/server-addresses.js';
import type { ProxyOptions } from '../../proxy/options.js';
import { setOomScore } from '../../run/oom-score.js';
import { openServiceManager, type ServiceManager } from '../../service-manager/service-manager.js';
import type { ReadScope } from '../../sync/coverage.js';
import { defaultTiming } from '../../sync/loop.js';
import type { Io } from '../shared/io.js';
import type { CommandOutcome } from '../shared/outcome.js';
import { type ClusterSource, nodeKinds, optionalNodeKinds } from '../shared/read-cluster.js';
import { type LockSetting, whileLocked } from '../shared/while-locked.js';
import { createFollower } from './follow.js';
import { openWatchHealth, type WatchHealth } from './health.js';
import { keepNode, type WatchOptions } from './keep-node.js';
import { createNodeEvents, recordServiceTrouble } from './node-events.js';
import { type Events, openEvents } from './open-events.js';
import { knowOtherNodes } from './other-nodes.js';
import { reportToManager } from './report-to-manager.js';
import { type LogSetting, logOf, untilTerminated } from './staying.js';

export interface WatchSyncSetting extends ReadScope, LogSetting, ServerAddresses {
  readonly source: ClusterSource;
  readonly kubectlFlags: KubectlFlags;
  readonly proxy: ProxyOptions;
  readonly lock: LockSetting;
  /** In milliseconds. */
  readonly syncPeriod: number;
  /** The least time from the end of a sync to the beginning of the next, in milliseconds. */
  readonly minSyncPeriod: number;
  /** Ends with an error if an address of a server cannot be bound, instead of trying again. */
  readonly bindAddressHardFail: boolean;
  /** From -1000 (never killed when memory is short) to 1000. */
  readonly oomScoreAdj: number;
}

/** Follows the cluster and keeps the node programmed until SIGTERM or SIGINT. Holds the node's lock all that time. */
export async function watchSync(setting: WatchSyncSetting, io: Io): Promise<CommandOutcome> {
  const { nodeName } = setting.proxy;
  const log = logOf(setting, io);
  adjustOomScore(setting.oomScoreAdj, log);
  const events = openEvents(nodeName, log.debug);
  const health = await openWatchHealth({
    ...setting,
    syncPeriodMilliseconds: setting.syncPeriod,
    nodeName,
    onTrouble: log.warning,
    onServiceTrouble: recordServiceTrouble(events.recorder, nodeName),
  });
  const manager = openServiceManager({ isAlive: health.isAlive, onTrouble: log.warning });
  const observers = [
    health.observer,
    reportToManager(manager, () => new Date()),
    createNodeEvents(events.recorder, nodeName),
    // Of files everything is read.
    ...(setting.source.from.length > 0 ? [] : [knowOtherNodes(setting.source.kubectl, log.warning)]),
  ];
  try {
    return await keepLocked({ ...setting, ...wiring(setting, io, events, log), ...health, observers }, manager, log);
  } finally {
    events.recorder.close();
    await manager.close();
    await health.close();
  }
}

/** kube-proxy's default is for every node, also for those where kproxy may not have it. */
function adjustOomScore(score: number, log: Log): void {
  const trouble = setOomScore(score);
  if (trouble !== undefined) log[score === fieldAt('oomScoreAdj').default ? 'debug' : 'warning'](trouble);
}

function wiring(setting: WatchSyncSetting, io: Io, events: Events, log: Log): Pick<WatchOptions, 'follow' | 'timing'> {
  const { source, namespace, kubectlFlags, syncPeriod, minSyncPeriod } = setting;
  return {
    follow: createFollower({
      kinds: nodeKinds,
      selections: nodeQueries(setting.proxy.nodeName),
      onEndpointsSource: log.info,
      optional: optionalNodeKinds,
      namespace,
      from: source.from,
      kubectl: kubectlFlags,
      onConnected: events.connect,
      io,
    }),
    timing: { ...defaultTiming, periodMilliseconds: syncPeriod, leastPauseMilliseconds: minSyncPeriod },
  };
}

function keepLocked(
  options: WatchOptions & Pick<WatchSyncSetting, 'lock'> & Pick<WatchHealth, 'observeTools'>,
  manager: ServiceManager,
  log: Log,
): Promise<CommandOutcome> {
  const warning: Log['warning'] = (message, fields) => {
    log.warning(message, fields);
    manager.waiting(typeof message === 'string' ? message : (message[0] ?? ''));
  };
  const stderr = (text: string): void => warning(text.trimEnd());
  // With a large cluster in memory, starting a tool from this process would take longer than the tool.
  const lock = { ...options.lock, runner: 'shell' } as const;
  return whileLocked(lock, { stderr }, node => {
    const signal = untilTerminated();
    signal.addEventListener('abort', manager.stopping);
    manager.waiting('reading the cluster');
    return keepNode(options, options.observeTools(node), { ...log, warning }, signal);
  });
}
