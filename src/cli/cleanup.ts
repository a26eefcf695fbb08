import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { action } from './action.js';
import { processIo } from './io.js';
import { nodeAccess } from './node-setting.js';
import { accessOptions, runOptions } from './options/access.js';
import { optionsOf } from './options/add-options.js';
import { takeKubeProxyFlags } from './options/kube-proxy-flags.js';
import { type LockFlags, lockOptions } from './options/lock.js';
import { excludeCidrsOption } from './options/node.js';
import { scriptOptions } from './options/script.js';

interface CleanupFlags extends LockFlags {
  readonly dryRun?: boolean;
  readonly script: 'steps' | 'batch';
  readonly config?: string;
}

export function addCleanupCommand(kproxy: Command): void {
  const command = kproxy
    .command('cleanup')
    .description('on a worker, as root: remove what kproxy or the ipvs mode of kube-proxy programmed, and nothing else')
    .addHelpText('after', examples)
    .action(action(cleanup));
  takeKubeProxyFlags(command, kubeProxyNote);
  optionsOf(command, () => [
    [
      new Option('--dry-run', 'print the script that cleanup would run, and change nothing'),
      ...scriptOptions(),
      excludeCidrsOption(),
      new Option('--config <file>', 'a KubeProxyConfiguration, alone or in a ConfigMap, for its ipvs.excludeCIDRs'),
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

const kubeProxyNote = `
The flags of kube-proxy 1.37 are taken too. Of them, only --ipvs-exclude-cidrs and --config matter to cleanup.`;

async function cleanup(flags: CleanupFlags, command: Command): Promise<CommandOutcome> {
  const [{ runCleanup }, { readExcludedNetworks }, { whileLocked }] = await Promise.all([
    import('../commands/cleanup.js'),
    import('./read-setting.js'),
    import('../commands/shared/while-locked.js'),
  ]);
  const { access, sudo } = await nodeAccess(flags);
  const { dryRun = false, script } = flags;
  const excludeCidrs = await readExcludedNetworks(command, flags.config);
  const options = { nodeName: hostname(), excludeCidrs, dryRun, script, sudo };
  if (dryRun) return runCleanup(options, access, processIo);
  const lock = { ...runOptions(flags), timeoutSeconds: flags.lockTimeout };
  return whileLocked(lock, processIo, node => runCleanup(options, node, processIo));
}
