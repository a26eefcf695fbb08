import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import { withAccessFlags } from './access-flags.js';
import { processIo } from './io.js';
import { nodeAccess } from './node-command.js';
import { type LockFlags, whileLocked, withLockFlag } from './node-lock.js';

interface CleanupFlags extends LockFlags {
  readonly dryRun?: boolean;
  readonly script: 'steps' | 'batch';
  readonly ipvsExcludeCidrs?: string;
}

export function addCleanupCommand(kproxy: Command): void {
  withLockFlag(
    withAccessFlags(
      kproxy
        .command('cleanup')
        .description(
          "on a worker, as root: remove everything of kproxy's and of kube-proxy's ipvs mode, and nothing else",
        )
        .option('--dry-run', 'print the script that cleanup would run, and change nothing')
        .addOption(
          new Option('--script <form>', 'how --dry-run prints it').choices(['steps', 'batch']).default('steps'),
        )
        .option('--ipvs-exclude-cidrs <networks>', "networks whose virtual servers are somebody else's"),
    ),
  )
    .addHelpText('after', examples)
    .action(async (flags: CleanupFlags) => {
      process.exitCode = await cleanup(flags);
    });
}

const examples = `
Kernel parameters stay as they are: nobody knows what else on the node has come to need them.

Examples:
  kproxy cleanup --dry-run
  kproxy cleanup`;

async function cleanup(flags: CleanupFlags): Promise<number> {
  const [{ runCleanup }, { parseNetworks }, { access, sudo }] = await Promise.all([
    import('../commands/cleanup.js'),
    import('../proxy/configuration/networks.js'),
    nodeAccess(flags),
  ]);
  const { dryRun = false, script, ipvsExcludeCidrs } = flags;
  const excludeCidrs =
    ipvsExcludeCidrs === undefined ? [] : parseNetworks('--ipvs-exclude-cidrs', ipvsExcludeCidrs.split(','));
  const options = { nodeName: hostname(), excludeCidrs, dryRun, script, sudo };
  const outcome = dryRun
    ? await runCleanup(options, access, processIo)
    : await whileLocked(flags, node => runCleanup(options, node, processIo));
  return outcome.exitCode;
}
