import type { Command } from 'commander';
import { followerOf } from '../commands/watch/follow.js';
import type { NodeCommandSetting } from './node-command.js';
import { type LockFlags, whileLocked } from './node-lock.js';
import type { SyncWatchFlags } from './watch-flags.js';
import { logOf, untilTold } from './watching.js';

/** Stays with the cluster until SIGTERM or SIGINT. The node is this kproxy's alone all that time. */
export async function watchSync(
  flags: SyncWatchFlags & LockFlags,
  setting: NodeCommandSetting,
  command: Command,
): Promise<number> {
  const [{ runWatch }, { openWatchHealth }, { nodeKinds, optionalNodeKinds }, { usualTiming }, log] = await Promise.all(
    [
      import('../commands/watch/sync.js'),
      import('../commands/watch/health.js'),
      import('../commands/shared/read-cluster.js'),
      import('../sync/loop.js'),
      logOf(flags),
    ],
  );
  const { syncPeriod, healthzBindAddress, metricsBindAddress } = withConfiguration(flags, setting, command);
  const health = await openWatchHealth({
    healthzBindAddress,
    metricsBindAddress,
    syncPeriodMilliseconds: syncPeriod,
    nodeName: setting.proxy.nodeName,
    onTrouble: log.warning,
  });
  const options = {
    ...setting,
    follow: followerOf({
      kinds: nodeKinds,
      optional: optionalNodeKinds,
      namespace: setting.namespace,
      from: setting.source.from,
      kubectl: setting.kubectlFlags,
    }),
    timing: { ...usualTiming, periodMilliseconds: syncPeriod },
    observer: health.observer,
  };
  try {
    const outcome = await whileLocked(flags, node => runWatch(options, node, log, untilTold()));
    return outcome.exitCode;
  } finally {
    await health.close();
  }
}

/** The configuration counts where the flag is not on the command line. */
function withConfiguration(
  flags: SyncWatchFlags,
  { configuration }: NodeCommandSetting,
  command: Command,
): Pick<SyncWatchFlags, 'syncPeriod' | 'healthzBindAddress' | 'metricsBindAddress'> {
  const isDefault = (name: keyof SyncWatchFlags) => command.getOptionValueSource(name) === 'default';
  const { syncPeriod, healthzBindAddress, metricsBindAddress } = flags;
  return {
    syncPeriod: (isDefault('syncPeriod') && configuration?.ipvs?.syncPeriod) || syncPeriod,
    healthzBindAddress: (isDefault('healthzBindAddress') && configuration?.healthzBindAddress) || healthzBindAddress,
    metricsBindAddress: (isDefault('metricsBindAddress') && configuration?.metricsBindAddress) || metricsBindAddress,
  };
}
