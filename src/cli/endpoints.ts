import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { action } from './action.js';
import { processIo } from './io.js';
import { optionsOf } from './options/add-options.js';
import { type ClusterFlags, fromOption, globalFlags } from './options/cluster.js';
import { contradiction } from './options/refuse-misuse.js';
import { type WatchFlags, watchOptions } from './options/watch.js';

interface EndpointsFlags extends ClusterFlags, WatchFlags {
  readonly allNamespaces?: boolean;
  readonly dryRun?: boolean;
  readonly write?: boolean;
  readonly output?: 'json' | 'yaml';
}

export function addEndpointsCommand(kproxy: Command): void {
  const command = kproxy
    .command('endpoints')
    .description("on the master: select each Service's Pods and write its Endpoints object with kubectl apply")
    .argument('[service...]', 'Services by name (default: all of the namespace)')
    .addHelpText('after', examples)
    .action(action(endpoints));
  optionsOf(command, () => [
    [
      fromOption(),
      new Option('-n, --namespace <name>', "the namespace (default: the context's)"),
      new Option('-A, --all-namespaces', 'all namespaces'),
      new Option('--dry-run', 'print the script that would write the objects, and write nothing'),
      new Option('-o, --output <format>', 'print a List of all computed objects, and write nothing').choices([
        'json',
        'yaml',
      ]),
      new Option('--write', "with --from: write the objects into kubectl's cluster (default: print the script)"),
    ],
    watchOptions(),
  ]);
}

const examples = `
Examples:
  kproxy endpoints web-service
  kproxy endpoints --dry-run              the kubectl apply commands of all Services of the namespace
  kproxy endpoints -A -o yaml             what the objects would be
  kproxy endpoints -A --watch             stay, as a controller does
  kproxy endpoints --from cluster.yaml    from a file, without a cluster: the kubectl apply commands`;

async function endpoints(
  services: readonly string[],
  flags: EndpointsFlags,
  command: Command,
): Promise<CommandOutcome> {
  refuseContradictions(services, flags);
  if (flags.watch) return watch(services, flags, command);
  const [{ runEndpoints }, { createKubectl, kubectlArguments }] = await Promise.all([
    import('../commands/endpoints.js'),
    import('../cluster/run-kubectl.js'),
  ]);
  const kubectlFlags = globalFlags(command);
  const { allNamespaces = false, dryRun = false, write = false } = flags;
  return runEndpoints(
    {
      services,
      ...flags,
      allNamespaces,
      dryRun,
      write,
      context: kubectlFlags.context,
      kubectl: createKubectl(kubectlFlags),
      kubectlArguments: kubectlArguments(kubectlFlags),
    },
    processIo,
  );
}

async function watch(services: readonly string[], flags: EndpointsFlags, command: Command): Promise<CommandOutcome> {
  const { watchEndpoints } = await import('../commands/watch/watch-endpoints.js');
  const { from, namespace, allNamespaces = false, logFormat, verbose = false } = flags;
  const kubectlFlags = globalFlags(command);
  return watchEndpoints({ services, from, namespace, allNamespaces, kubectlFlags, logFormat, verbose }, processIo);
}

/** @throws KproxyError */
function refuseContradictions(
  services: readonly string[],
  { from, dryRun, output, write, watch: isWatch, namespace, allNamespaces }: EndpointsFlags,
): void {
  const prints = (dryRun && '--dry-run') || (output !== undefined && '-o');
  if (isWatch && prints) throw contradiction('--watch writes what changes: it goes with neither --dry-run nor -o');
  if (isWatch && from.length > 0 && !write)
    throw contradiction(
      '--watch and --from: objects from files are written into a cluster only with --write',
      "Add --write to write into kubectl's cluster whenever the files change, or leave out --watch to print.",
    );
  if (write && prints) throw contradiction(`--write and ${prints}: the one writes, the other prints`);
  if (allNamespaces && namespace !== undefined)
    throw contradiction('-A (--all-namespaces) and -n (--namespace): the one reads all namespaces, the other one');
  if (allNamespaces && services.length > 0)
    throw contradiction(
      'Services cannot be named together with -A (--all-namespaces)',
      'Leave the names out, or choose one namespace with -n.',
    );
}
