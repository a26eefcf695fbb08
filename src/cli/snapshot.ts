import { hostname } from 'node:os';
import type { Command } from 'commander';
import { type AccessFlags, withAccessFlags } from './access-flags.js';
import { processIo } from './io.js';
import { nodeAccess } from './node-command.js';

interface SnapshotFlags extends AccessFlags {
  readonly node?: string;
}

export function addSnapshotCommand(kproxy: Command): void {
  withAccessFlags(
    kproxy
      .command('snapshot')
      .description("on a worker: print the node's whole state as one JSON document, for diff and status elsewhere")
      .option('--node <name>', "the node's name in the cluster (default: the host name)"),
  )
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
