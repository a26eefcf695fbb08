import type { Command } from 'commander';
import type { ClusterKind } from '../cluster/kinds.js';
import { ExitCode, KproxyError } from '../errors.js';
import type { EndpointsFlags } from './endpoints-flags.js';
import { followerOf } from '../commands/watch/follow.js';
import { globalOptions } from './shared-options.js';
import { logOf, untilTold } from './watching.js';

const kinds: readonly ClusterKind[] = ['Service', 'Pod', 'Endpoints'];
/** Pods become ready one by one; a Service of many is written once. */
const mergeMilliseconds = 100;

/** Stays with the cluster until SIGTERM or SIGINT. */
export async function watchEndpoints(
  services: readonly string[],
  flags: EndpointsFlags,
  command: Command,
): Promise<number> {
  refuseContradictions(services, flags);
  const [{ runWatchEndpoints }, { createKubectl }, { currentNamespace }, { usualTiming }, log] = await Promise.all([
    import('../commands/watch/endpoints.js'),
    import('../cluster/run-kubectl.js'),
    import('../cluster/namespace.js'),
    import('../sync/loop.js'),
    logOf(flags),
  ]);
  const kubectlFlags = globalOptions(command);
  const kubectl = createKubectl(kubectlFlags);
  const { from, allNamespaces } = flags;
  const namespace = allNamespaces
    ? undefined
    : (flags.namespace ?? (from.length > 0 ? 'default' : await currentNamespace(kubectl)));
  const follow = followerOf({ kinds, optional: [], namespace, from, kubectl: kubectlFlags });
  const options = { services, namespace, kubectl, follow, timing: { ...usualTiming, mergeMilliseconds } };
  return (await runWatchEndpoints(options, log, untilTold())).exitCode;
}

/** @throws KproxyError (exit code 2) */
function refuseContradictions(
  services: readonly string[],
  { from, dryRun, output, allNamespaces }: EndpointsFlags,
): void {
  const refused = (message: string) => new KproxyError({ message, exitCode: ExitCode.usage });
  if (dryRun || output !== undefined)
    throw refused('--watch writes what changes: it goes with neither --dry-run nor -o');
  if (from.includes('-')) throw refused('--watch and --from -: standard input is read once and cannot be followed');
  if (allNamespaces && services.length > 0)
    throw refused('Services cannot be named together with -A (--all-namespaces)');
}
