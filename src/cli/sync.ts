import { type Command, Option } from 'commander';
import { processIo } from './io.js';
import { fromOption, globalOptions, nodeNameOf } from './shared-options.js';

interface SyncFlags {
  readonly from: readonly string[];
  readonly namespace?: string;
  readonly node?: string;
  readonly hostnameOverride?: string;
  readonly dryRun: boolean;
  readonly full: boolean;
  readonly script: 'steps' | 'batch';
  readonly profile: 'full' | 'tutorial';
  readonly clusterCidr?: string;
  readonly allowEmpty: boolean;
  readonly sudo?: boolean;
}

/** The Pods' network in the chapter. */
const chapterCidr = '10.244.0.0/16';

/** A batch of ten thousand Services takes seconds; a tool that has not ended after this never will. */
const toolTimeoutMilliseconds = 120_000;

export function addSyncCommand(kproxy: Command): void {
  kproxy
    .command('sync')
    .description("on a worker, as root: bring the node to what the cluster's Services ask for")
    .addOption(fromOption())
    .option('-n, --namespace <name>', 'read only this namespace; what belongs to others stays as it is')
    .option('--node <name>', 'the node to compute for (default: --hostname-override, then the host name)')
    .option('--hostname-override <name>', "the node's name in the cluster, where it is not the host name")
    .option('--dry-run', 'print the script that sync would run, and change nothing', false)
    .addOption(new Option('--script <form>', 'how --dry-run prints it').choices(['steps', 'batch']).default('steps'))
    .option('--full', 'with --dry-run: the whole script, from a node with nothing on it', false)
    .addOption(
      new Option('--profile <name>', 'tutorial is exactly the chapter, full is what a real cluster needs')
        .choices(['full', 'tutorial'])
        .default('full'),
    )
    .option('--cluster-cidr <networks>', "the Pods' networks: sources outside are masqueraded")
    .option('--allow-empty', 'believe a cluster without any Service, and remove all of them', false)
    .option('--sudo', 'run the tools through sudo (default: where the user is not root)')
    .option('--no-sudo', 'never run the tools through sudo')
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
  const [{ runSync }, { thisNode }, { createKubectl }, { defaultOptions }, { parseClusterCidrs }] = await Promise.all([
    import('../commands/sync.js'),
    import('../shell/run.js'),
    import('../cluster/run-kubectl.js'),
    import('../proxy/options.js'),
    import('./cluster-cidr.js'),
  ]);
  const clusterCidr = flags.clusterCidr ?? (flags.profile === 'tutorial' ? chapterCidr : undefined);
  const sudo = flags.sudo ?? process.getuid?.() !== 0;
  const outcome = await runSync(
    {
      source: { from: flags.from, kubectl: createKubectl(globalOptions(command)), namespace: flags.namespace },
      namespace: flags.namespace,
      allowEmpty: flags.allowEmpty,
      proxy: {
        ...defaultOptions,
        nodeName: nodeNameOf(flags),
        profile: flags.profile,
        clusterCidrs: clusterCidr === undefined ? {} : parseClusterCidrs(clusterCidr),
      },
      dryRun: flags.dryRun,
      script: flags.script,
      full: flags.full,
      sudo,
    },
    thisNode({ sudo, timeoutMilliseconds: toolTimeoutMilliseconds }),
    processIo,
  );
  return outcome.exitCode;
}
