import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { KproxyError } from '../errors.js';
import { action } from './action.js';
import { processIo } from './io.js';
import { addOptions } from './options/add-options.js';
import { type ClusterFlags, fromOption, globalFlags } from './options/cluster.js';
import { type WatchFlags, watchOptions } from './options/watch.js';

interface EndpointsFlags extends ClusterFlags, WatchFlags {
  readonly allNamespaces?: boolean;
  readonly dryRun?: boolean;
  readonly output?: 'json' | 'yaml';
}

export function addEndpointsCommand(kproxy: Command): void {
  const command = kproxy
    .command('endpoints')
    .description("on the master: select each Service's Pods and write its Endpoints object with kubectl apply")
    .argument('[service...]', 'Services by name (default: all of the namespace)')
    .addHelpText('after', examples)
    .action(action(endpoints));
  addOptions(
    command,
    [
      fromOption(),
      new Option('-n, --namespace <name>', "the namespace (default: the context's)"),
      new Option('-A, --all-namespaces', 'all namespaces'),
      new Option('--dry-run', 'print the script that would write the objects, and write nothing'),
      new Option('-o, --output <format>', 'print a List of all computed objects, and write nothing').choices([
        'json',
        'yaml',
      ]),
    ],
    watchOptions(),
  );
}

const examples = `
Examples:
  kproxy endpoints web-service
  kproxy endpoints --dry-run              the kubectl apply commands of all Services of the namespace
  kproxy endpoints -A -o yaml             what the objects would be
  kproxy endpoints -A --watch             stay, as a controller does`;

async function endpoints(
  services: readonly string[],
  flags: EndpointsFlags,
  command: Command,
): Promise<CommandOutcome> {
  if (flags.watch) return watch(services, flags, command);
  const [{ runEndpoints }, { createKubectl, kubectlArguments }] = await Promise.all([
    import('../commands/endpoints.js'),
    import('../cluster/run-kubectl.js'),
  ]);
  const kubectlFlags = globalFlags(command);
  const { allNamespaces = false, dryRun = false } = flags;
  return runEndpoints(
    {
      services,
      ...flags,
      allNamespaces,
      dryRun,
      kubectl: createKubectl(kubectlFlags),
      kubectlArguments: kubectlArguments(kubectlFlags),
    },
    processIo,
  );
}

async function watch(services: readonly string[], flags: EndpointsFlags, command: Command): Promise<CommandOutcome> {
  refuseContradictions(services, flags);
  const { watchEndpoints } = await import('../commands/watch/watch-endpoints.js');
  const { from, namespace, allNamespaces = false, logFormat, verbose = false } = flags;
  const kubectlFlags = globalFlags(command);
  return watchEndpoints({ services, from, namespace, allNamespaces, kubectlFlags, logFormat, verbose }, processIo);
}

/** @throws KproxyError */
function refuseContradictions(
  services: readonly string[],
  { from, dryRun, output, allNamespaces }: EndpointsFlags,
): void {
  const refused = (message: string) => new KproxyError({ code: 'options-contradict', message });
  if (dryRun || output !== undefined)
    throw refused('--watch writes what changes: it goes with neither --dry-run nor -o');
  if (from.includes('-')) throw refused('--watch and --from -: standard input is read once and cannot be followed');
  if (allNamespaces && services.length > 0)
    throw refused('Services cannot be named together with -A (--all-namespaces)');
}
