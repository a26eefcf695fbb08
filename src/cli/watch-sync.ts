import type { Command } from 'commander';
import { followerOf } from './follow.js';
import type { NodeCommandSetting } from './node-command.js';
import { type LockFlags, whileLocked } from './node-lock.js';
import { globalOptions } from './shared-options.js';
import type { SyncWatchFlags } from './watch-flags.js';
import { logOf, untilTold } from './watching.js';

/** Stays with the cluster until SIGTERM or SIGINT. The node is this kproxy's alone all that time. */
export async function watchSync(
  flags: SyncWatchFlags & LockFlags,
  setting: NodeCommandSetting,
  command: Command,
): Promise<number> {
  const [{ runWatch }, { nodeKinds, optionalNodeKinds }, { usualTiming }, log] = await Promise.all([
    import('../commands/watch.js'),
    import('../commands/shared/read-cluster.js'),
    import('../sync/loop.js'),
    logOf(flags),
  ]);
  const options = {
    ...setting,
    follow: followerOf({
      kinds: nodeKinds,
      optional: optionalNodeKinds,
      namespace: setting.namespace,
      from: setting.source.from,
      kubectl: globalOptions(command),
    }),
    timing: { ...usualTiming, periodMilliseconds: flags.syncPeriod },
    observer: { onQueued: () => {}, onSynced: () => {} },
  };
  const outcome = await whileLocked(flags, setting.sudo, node => runWatch(options, node, log, untilTold()));
  return outcome.exitCode;
}
