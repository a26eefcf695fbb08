import { type Command, Option } from 'commander';
import { ExitCode, KproxyError } from '../errors.js';
import { processIo } from './io.js';
import { nodeCommandSetting } from './node-command.js';
import { type LockFlags, whileLocked, withLockFlag } from './node-lock.js';
import { addNodeFlags, type NodeFlags } from './proxy-flags.js';
import { readSnapshot, type SnapshotFlag, withSnapshotFlag } from './snapshot-flag.js';

interface SyncFlags extends NodeFlags, SnapshotFlag, LockFlags {
  readonly dryRun?: boolean;
  readonly full?: boolean;
  readonly script: 'steps' | 'batch';
}

export function addSyncCommand(kproxy: Command): void {
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
  kproxy sync --dry-run | sudo sh         by hand, after reading`;

async function sync(flags: SyncFlags, command: Command): Promise<number> {
  const { dryRun = false, full = false, script } = flags;
  refuseWithoutDryRun(flags);
  const [{ runSync }, snapshot] = await Promise.all([import('../commands/sync.js'), readSnapshot(flags)]);
  const setting = await nodeCommandSetting(flags, command, snapshot?.node);
  const options = { ...setting, dryRun, full, script, snapshot };
  const outcome = dryRun
    ? await runSync(options, setting.access, processIo)
    : await whileLocked(flags, setting.sudo, node => runSync(options, node, processIo));
  return outcome.exitCode;
}

/** @throws KproxyError (exit code 2) */
function refuseWithoutDryRun({ dryRun, snapshot, full }: SyncFlags): void {
  const flag = snapshot === undefined ? full && '--full' : '--snapshot';
  if (dryRun || !flag) return;
  throw new KproxyError({
    message: `${flag} is for --dry-run: sync changes this machine as it is now`,
    exitCode: ExitCode.usage,
  });
}
