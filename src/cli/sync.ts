import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { action } from './action.js';
import { processIo } from './io.js';
import { nodeSetting } from './node-setting.js';
import { runOptions } from './options/access.js';
import { optionsOf } from './options/add-options.js';
import { takeKubeProxyFlags } from './options/kube-proxy-flags.js';
import { type LockFlags, lockOptions } from './options/lock.js';
import { type NodeFlags, nodeOptions } from './options/node.js';
import { contradiction } from './options/refuse-misuse.js';
import { onlyWith } from './options/rules.js';
import { scriptOptions } from './options/script.js';
import { readSnapshot, type SnapshotFlags, snapshotOptions } from './options/snapshot.js';
import { type SyncWatchFlags, syncWatchOptions, syncWatchSetting } from './options/watch.js';

interface SyncFlags extends NodeFlags, SnapshotFlags, LockFlags, SyncWatchFlags {
  readonly dryRun?: boolean;
  readonly full?: boolean;
  readonly script: 'steps' | 'batch';
  readonly besideTutorial?: boolean;
}

export function addSyncCommand(kproxy: Command): void {
  const command = kproxy
    .command('sync')
    .description("on a worker, as root: program the node for the cluster's Services")
    .addHelpText('after', examples)
    .action(action(sync));
  takeKubeProxyFlags(command);
  optionsOf(command, () => [
    [
      new Option('--dry-run', 'print the script that sync would run, and change nothing'),
      ...scriptOptions(),
      ...onlyWith(
        '--dry-run',
        new Option('--full', 'with --dry-run: the whole script, from a node with nothing on it'),
        new Option('--beside-tutorial', 'with --dry-run: mark what the tutorial profile does not have'),
      ),
    ],
    nodeOptions(),
    onlyWith('--dry-run', ...snapshotOptions()),
    lockOptions(),
    syncWatchOptions(),
  ]);
}

const examples = `
Examples:
  kproxy sync --cluster-cidr 10.244.0.0/16
  kproxy sync --dry-run --script batch    the few processes that sync really starts
  kproxy sync --dry-run --full --profile tutorial --from cluster.yaml --node inajob
  kproxy sync --dry-run | sudo sh         by hand, after reading
  kproxy sync --watch --sync-period 1m    stay, as a service does`;

async function sync(flags: SyncFlags, command: Command): Promise<CommandOutcome> {
  refuseContradictions(flags);
  if (flags.watch) return watch(flags, command);
  const { dryRun = false, full = false, besideTutorial = false, script } = flags;
  const { runSync } = await import('../commands/sync.js');
  const { whileLocked } = await import('../commands/shared/while-locked.js');
  const snapshot = await readSnapshot(flags);
  const setting = await nodeSetting(flags, command, snapshot?.node);
  const options = { ...setting, dryRun, full, besideTutorial, script, snapshot };
  if (dryRun) return runSync(options, setting.access, processIo);
  return whileLocked(lockSetting(flags), processIo, node => runSync(options, node, processIo));
}

const lockSetting = (flags: LockFlags) =>
  ({ ...runOptions(flags), runner: 'shell-first', timeoutSeconds: flags.lockTimeout }) as const;

async function watch(flags: SyncFlags, command: Command): Promise<CommandOutcome> {
  const { watchSync } = await import('../commands/watch/watch-sync.js');
  const setting = await nodeSetting(flags, command);
  const watchSetting = await syncWatchSetting(flags, setting.configuration, command);
  return watchSync({ ...setting, ...watchSetting, lock: lockSetting(flags) }, processIo);
}

/** @throws KproxyError */
function refuseContradictions({ besideTutorial, script, profile, watch: isWatch, dryRun }: SyncFlags): void {
  if (isWatch && dryRun) throw contradiction('--watch and --dry-run: a script cannot follow the cluster');
  if (besideTutorial && script === 'batch')
    throw contradiction('--beside-tutorial and --script batch: only the steps script has reasons that can be marked');
  if (besideTutorial && profile === 'tutorial')
    throw contradiction('--beside-tutorial and --profile tutorial: nothing in the script is beyond the tutorial');
}
