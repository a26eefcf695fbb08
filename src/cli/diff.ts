import { type Command, Option } from 'commander';
import { processIo } from './io.js';
import { nodeCommandSetting } from './node-command.js';
import { addNodeFlags, type NodeFlags } from './proxy-flags.js';
import { readSnapshot, type SnapshotFlag, withSnapshotFlag } from './snapshot-flag.js';

interface DiffFlags extends NodeFlags, SnapshotFlag {
  readonly output?: 'json';
}

export function addDiffCommand(kproxy: Command): void {
  withSnapshotFlag(
    addNodeFlags(
      kproxy
        .command('diff')
        .description('on a worker: show what sync would change, each with its reason, and change nothing')
        .addOption(new Option('-o, --output <format>', 'print json').choices(['json'])),
    ),
  )
    .addHelpText('after', examples)
    .action(async (flags: DiffFlags, command: Command) => {
      process.exitCode = await diff(flags, command);
    });
}

const examples = `
Examples:
  kproxy diff --cluster-cidr 10.244.0.0/16
  kproxy diff -o json | jq '.differences[].description'
  kproxy diff --snapshot node.json --from cluster.yaml    on any machine

Ends with 0 where the node is in sync, 1 where it is not, and more where that could not be found out.`;

async function diff(flags: DiffFlags, command: Command): Promise<number> {
  const [{ runDiff }, snapshot] = await Promise.all([import('../commands/diff.js'), readSnapshot(flags)]);
  const setting = await nodeCommandSetting(flags, command, snapshot?.node);
  const outcome = await runDiff({ ...setting, snapshot, output: flags.output ?? 'text' }, setting.access, processIo);
  return outcome.exitCode;
}
