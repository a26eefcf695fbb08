import { type Command, Option } from 'commander';
import { ExitCode, KproxyError } from '../errors.js';
import { processIo } from './io.js';
import { nodeCommandSetting } from './node-command.js';
import { type LockFlags, whileLocked, withLockFlag } from './node-lock.js';
import { addNodeFlags, type NodeFlags } from './proxy-flags.js';
import { readSnapshot, type SnapshotFlag, withSnapshotFlag } from './snapshot-flag.js';
import { type SyncWatchFlags, withSyncWatchFlags } from './watch-flags.js';

interface SyncFlags extends NodeFlags, SnapshotFlag, LockFlags, SyncWatchFlags {
  readonly dryRun?: boolean;
  readonly full?: boolean;
  readonly script: 'steps' | 'batch';
}

export function addSyncCommand(kproxy: Command): void {
  withSyncWatchFlags(
    withLockFlag(
      withSnapshotFlag(
        addNodeFlags(
          kproxy
            .command('sync')
            .description("on a worker, as root: bring the node to what the cluster's Services ask for")
            .option('--dry-run', 'print the script that sync would run, and change nothing')
            .addOption(
              new Option('--script <form>', 'how --dry-run prints it').choices(['steps', 'batch']).default('steps'),
            )
            .option('--full', 'with --dry-run: the whole script, from a node with nothing on it'),
        ),
      ),
    ),
  )
    .addHelpText('after', syncExamples)
    .action(async (flags: SyncFlags, command: Command) => {
      process.exitCode = await sync(flags, command);
    });
}

const syncExamples = `
Examples:
  kproxy sync --cluster-cidr 10.244.0.0/16
  kproxy sync --dry-run --script batch    the few processes that sync really starts
  kproxy sync --dry-run --full --profile tutorial --from cluster.yaml --node inajob
  kproxy sync --dry-run | sudo sh         by hand, after reading
  kproxy sync --watch --sync-period 1m    stay, as a service does`;

async function sync(flags: SyncFlags, command: Command): Promise<number> {
  const { dryRun = false, full = false, script } = flags;
  refuseContradictions(flags);
  const [{ runSync }, snapshot] = await Promise.all([import('../commands/sync.js'), readSnapshot(flags)]);
  const setting = await nodeCommandSetting(flags, command, snapshot?.node);
  if (flags.watch) return (await import('./watch-sync.js')).watchSync(flags, setting, command);
  const options = { ...setting, dryRun, full, script, snapshot };
  const outcome = dryRun
    ? await runSync(options, setting.access, processIo)
    : await whileLocked(flags, node => runSync(options, node, processIo));
  return outcome.exitCode;
}

/** @throws KproxyError (exit code 2) */
function refuseContradictions({ dryRun, snapshot, full, watch, from }: SyncFlags): void {
  if (watch && dryRun) throw usageError('--watch and --dry-run: a script cannot follow the cluster');
  if (watch && from.includes('-'))
    throw usageError('--watch and --from -: standard input is read once and cannot be followed');
  const flag = snapshot === undefined ? full && '--full' : '--snapshot';
  if (!dryRun && flag) throw usageError(`${flag} is for --dry-run: sync changes this machine as it is now`);
}

const usageError = (message: string): KproxyError => new KproxyError({ message, exitCode: ExitCode.usage });
