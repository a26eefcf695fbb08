import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { action } from './action.js';
import { paintedIo } from './io.js';
import { nodeSetting } from './node-setting.js';
import { optionsOf } from './options/add-options.js';
import { colorsOf } from './options/color.js';
import { takeKubeProxyFlags } from './options/kube-proxy-flags.js';
import { type NodeFlags, nodeOptions } from './options/node.js';
import { readSnapshot, type SnapshotFlags, snapshotOptions } from './options/snapshot.js';

interface DiffFlags extends NodeFlags, SnapshotFlags {
  readonly output?: 'json';
}

export function addDiffCommand(kproxy: Command): void {
  const command = kproxy
    .command('diff')
    .description('on a worker: show what sync would change, each with its reason, and change nothing')
    .addHelpText('after', examples)
    .action(action(diff));
  takeKubeProxyFlags(command);
  optionsOf(command, () => [
    [new Option('-o, --output <format>', 'print json').choices(['json'])],
    nodeOptions(),
    snapshotOptions(),
  ]);
}

const examples = `
Examples:
  kproxy diff --cluster-cidr 10.244.0.0/16
  kproxy diff -o json | jq '.differences[].description'
  kproxy diff --snapshot node.json --from cluster.yaml    on any machine

Exit status: 0 in sync, 1 not in sync, 2 or more on error.`;

async function diff(flags: DiffFlags, command: Command): Promise<CommandOutcome> {
  const { runDiff } = await import('../commands/diff.js');
  const snapshot = await readSnapshot(flags);
  const setting = await nodeSetting(flags, command, snapshot?.node);
  const isColored = colorsOf(command);
  const output = flags.output ?? 'text';
  return runDiff({ ...setting, snapshot, output, isColored }, setting.access, paintedIo(isColored));
}
