import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { action } from './action.js';
import { processIo } from './io.js';
import { nodeAccess } from './node-setting.js';
import { type AccessFlags, accessOptions } from './options/access.js';
import { optionsOf } from './options/add-options.js';

interface SnapshotCommandFlags extends AccessFlags {
  readonly node?: string;
}

export function addSnapshotCommand(kproxy: Command): void {
  const command = kproxy
    .command('snapshot')
    .description("on a worker: print the node's whole state as one JSON document, for diff and status elsewhere")
    .addHelpText('after', examples)
    .action(action(snapshot));
  optionsOf(command, () => [
    [new Option('--node <name>', "the node's name in the cluster (default: the host name)")],
    accessOptions(),
  ]);
}

const examples = `
Examples:
  kproxy snapshot >node.json
  kproxy diff --snapshot node.json --from cluster.yaml`;

async function snapshot(flags: SnapshotCommandFlags): Promise<CommandOutcome> {
  const { runSnapshot } = await import('../commands/snapshot.js');
  const { access } = await nodeAccess(flags);
  return runSnapshot(flags.node ?? hostname(), access, processIo);
}
