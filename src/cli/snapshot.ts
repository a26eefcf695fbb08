import { hostname } from 'node:os';
import type { Command } from 'commander';
import { processIo } from './io.js';
import { nodeAccess } from './node-command.js';

interface SnapshotFlags {
  readonly node?: string;
  readonly sudo?: boolean;
}

export function addSnapshotCommand(kproxy: Command): void {
  kproxy
    .command('snapshot')
    .description("on a worker: print the node's whole state as one JSON document, for diff and status elsewhere")
    .option('--node <name>', "the node's name in the cluster (default: the host name)")
    .option('--sudo', 'run the tools through sudo (default: where the user is not root)')
    .option('--no-sudo', 'never run the tools through sudo')
    .addHelpText('after', examples)
    .action(async (flags: SnapshotFlags) => {
      const { runSnapshot } = await import('../commands/snapshot.js');
      const { access } = await nodeAccess(flags);
      process.exitCode = (await runSnapshot(flags.node ?? hostname(), access, processIo)).exitCode;
    });
}

const examples = `
Examples:
  kproxy snapshot >node.json
  kproxy diff --snapshot node.json --from cluster.yaml`;
