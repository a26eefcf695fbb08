import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { action } from './action.js';
import { processIo } from './io.js';
import { nodeAccess } from './node-setting.js';
import { accessOptions, runOptions } from './options/access.js';
import { optionsOf } from './options/add-options.js';
import { type LockFlags, lockOptions } from './options/lock.js';
import { excludeCidrsOption } from './options/node.js';
import { scriptOptions } from './options/script.js';

interface CleanupFlags extends LockFlags {
  readonly dryRun?: boolean;
  readonly script: 'steps' | 'batch';
  readonly ipvsExcludeCidrs?: string;
}

export function addCleanupCommand(kproxy: Command): void {
  const command = kproxy
    .command('cleanup')
    .description('on a worker, as root: remove what kproxy or the ipvs mode of kube-proxy programmed, and nothing else')
    .addHelpText('after', examples)
    .action(action(cleanup));
  optionsOf(command, () => [
    [
      new Option('--dry-run', 'print the script that cleanup would run, and change nothing'),
      ...scriptOptions(),
      excludeCidrsOption(),
    ],
    accessOptions(),
    lockOptions(),
  ]);
}

const examples = `
Kernel parameters stay as they are: other software on the node may need them by now. A chain or set that other software
uses is emptied and named.

Examples:
  kproxy cleanup --dry-run
  kproxy cleanup`;

async function cleanup(flags: CleanupFlags): Promise<CommandOutcome> {
  const [{ runCleanup }, { parseNetworks }, { whileLocked }, { access, sudo }] = await Promise.all([
    import('../commands/cleanup.js'),
    import('../proxy/configuration/networks.js'),
    import('../commands/shared/while-locked.js'),
    nodeAccess(flags),
  ]);
  const { dryRun = false, script, ipvsExcludeCidrs } = flags;
  const excludeCidrs =
    ipvsExcludeCidrs === undefined ? [] : parseNetworks('--ipvs-exclude-cidrs', ipvsExcludeCidrs.split(','));
  const options = { nodeName: hostname(), excludeCidrs, dryRun, script, sudo };
  if (dryRun) return runCleanup(options, access, processIo);
  const lock = { ...runOptions(flags), timeoutSeconds: flags.lockTimeout };
  return whileLocked(lock, processIo, node => runCleanup(options, node, processIo));
}
