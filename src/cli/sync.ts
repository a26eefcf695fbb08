import { type Command, Option } from 'commander';
import { processIo } from './io.js';
import { nodeCommandSetting } from './node-command.js';
import { addNodeFlags, type NodeFlags } from './proxy-flags.js';

interface SyncFlags extends NodeFlags {
  readonly dryRun?: boolean;
  readonly full?: boolean;
  readonly script: 'steps' | 'batch';
}

export function addSyncCommand(kproxy: Command): void {
  addNodeFlags(
    kproxy
      .command('sync')
      .description("on a worker, as root: bring the node to what the cluster's Services ask for")
      .option('--dry-run', 'print the script that sync would run, and change nothing')
      .addOption(new Option('--script <form>', 'how --dry-run prints it').choices(['steps', 'batch']).default('steps'))
      .option('--full', 'with --dry-run: the whole script, from a node with nothing on it'),
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
  const [{ runSync }, setting] = await Promise.all([import('../commands/sync.js'), nodeCommandSetting(flags, command)]);
  const { dryRun = false, full = false, script } = flags;
  const outcome = await runSync({ ...setting, dryRun, full, script }, setting.access, processIo);
  return outcome.exitCode;
}
