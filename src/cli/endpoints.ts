import { type Command, Option } from 'commander';
import type { EndpointsFlags } from './endpoints-flags.js';
import { processIo } from './io.js';
import { fromOption, globalOptions } from './shared-options.js';
import { withWatchFlags } from './watch-flags.js';

export function addEndpointsCommand(kproxy: Command): void {
  withWatchFlags(
    kproxy
      .command('endpoints')
      .description("on the master: select each Service's Pods and write its Endpoints object with kubectl apply")
      .argument('[service...]', 'Services by name (default: all of the namespace)')
      .addOption(fromOption())
      .option('-n, --namespace <name>', "the namespace (default: the context's)")
      .option('-A, --all-namespaces', 'all namespaces')
      .option('--dry-run', 'print the script that would write the objects, and write nothing')
      .addOption(
        new Option('-o, --output <format>', 'print a List of all computed objects, and write nothing').choices([
          'json',
          'yaml',
        ]),
      ),
  )
    .addHelpText('after', endpointsExamples)
    .action(async (services: readonly string[], flags: EndpointsFlags, command: Command) => {
      process.exitCode = await endpoints(services, flags, command);
    });
}

const endpointsExamples = `
Examples:
  kproxy endpoints web-service
  kproxy endpoints --dry-run              the kubectl apply commands of all Services of the namespace
  kproxy endpoints -A -o yaml             what the objects would be
  kproxy endpoints -A --watch             stay, as a controller does`;

async function endpoints(services: readonly string[], flags: EndpointsFlags, command: Command): Promise<number> {
  if (flags.watch) return (await import('./watch-endpoints.js')).watchEndpoints(services, flags, command);
  const [{ runEndpoints }, { createKubectl, kubectlArguments }] = await Promise.all([
    import('../commands/endpoints.js'),
    import('../cluster/run-kubectl.js'),
  ]);
  const kubectlFlags = globalOptions(command);
  const { allNamespaces = false, dryRun = false } = flags;
  const outcome = await runEndpoints(
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
  return outcome.exitCode;
}
