import type { Cluster } from '../cluster/cluster.js';
import { readClusterFiles } from '../cluster/files.js';
import { readClusterWithKubectl } from '../cluster/kubectl.js';
import type { Kubectl } from '../cluster/kubectl-command.js';
import { currentNamespace } from '../cluster/namespace.js';
import { invalidObjectLines } from '../cluster/problems.js';
import { applyWrites } from '../endpoints/apply.js';
import type { EndpointsDecision } from '../endpoints/reconcile-endpoints.js';
import { reconcileServices } from '../endpoints/reconcile-services.js';
import { endpointsScript } from '../endpoints/script.js';
import { type SelectedServices, selectServices } from '../endpoints/select-services.js';
import { writeOf } from '../endpoints/write.js';
import { KproxyError } from '../errors.js';
import { formatList, type ObjectFormat } from '../output/objects.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';

export interface EndpointsOptions {
  /** Names of Services; all Services where there is none. */
  readonly services: readonly string[];
  readonly namespace?: string | undefined;
  readonly allNamespaces: boolean;
  /** Files, folders or `-`. The cluster is read with kubectl where there is none. */
  readonly from: readonly string[];
  readonly dryRun: boolean;
  /** Prints all computed objects and writes nothing. */
  readonly output?: ObjectFormat | undefined;
  readonly kubectl: Kubectl;
  /** What `kubectl` gives kubectl before everything else, for the script. */
  readonly kubectlArguments: readonly string[];
}

/**
 * `kproxy endpoints`: writes the Endpoints object of each Service with kubectl, or prints what it would write. Throws a
 * KproxyError where the input cannot be read (exit code 3) or not everything could be written (5). Endpoints whose
 * Service is gone are left alone, since a Service that was not read is not a Service that was removed.
 */
export async function runEndpoints(options: EndpointsOptions, io: Io): Promise<CommandOutcome> {
  if (options.allNamespaces && options.services.length > 0) throw namesAcrossNamespaces();
  const namespace = options.allNamespaces ? undefined : await chosenNamespace(options);
  const cluster = await readCluster(options, namespace, io);
  const selected = selectServices(cluster, namespace, options.services);
  reportTrouble(selected, options, namespace, io);
  if (selected.services.length === 0 && options.services.length === 0) io.stderr(nothingFound(cluster, namespace));
  const { verdicts, untold } = reconcileServices(cluster, selected);
  for (const line of untold) io.stderr(`${line}\n`);
  if (options.services.length > 0) reportLeftAlone(verdicts, io);
  if (options.output !== undefined) io.stdout(formatList(computedObjects(verdicts), options.output));
  else if (options.dryRun) io.stdout(endpointsScript(writesOf(verdicts), options.kubectlArguments));
  else await applyWrites(options.kubectl, verdicts, writesOf(verdicts), io);
  const isTroubled = selected.invalid.length + selected.missing.length > 0;
  return isTroubled ? 'invalid-objects' : 'done';
}

const computedObjects = (verdicts: readonly EndpointsDecision[]) =>
  verdicts.flatMap(verdict => (verdict.is === 'left alone' ? [] : [verdict.object]));

export const writesOf = (verdicts: readonly EndpointsDecision[]) =>
  verdicts.flatMap(verdict => (verdict.is === 'changed' ? [writeOf(verdict)] : []));

async function chosenNamespace({ namespace, from, kubectl }: EndpointsOptions): Promise<string> {
  if (namespace !== undefined) return namespace;
  return from.length > 0 ? 'default' : currentNamespace(kubectl);
}

function readCluster(options: EndpointsOptions, namespace: string | undefined, io: Io): Promise<Cluster> {
  if (options.from.length > 0) return readClusterFiles(options.from, io.readStdin, { namespace });
  return readClusterWithKubectl(options.kubectl, { kinds: ['Service', 'Pod', 'Endpoints'], namespace });
}

function nothingFound({ services }: Cluster, namespace: string | undefined): string {
  const others = [...new Set(services.map(({ metadata }) => metadata.namespace))].sort();
  const hint = others.length === 0 ? '' : `; there are some in ${others.join(', ')} (-n NAMESPACE or -A)`;
  return `No Services found${namespace === undefined ? '' : ` in namespace ${namespace}`}${hint}\n`;
}

function reportTrouble(
  { invalid, missing }: SelectedServices,
  { from }: EndpointsOptions,
  namespace: string | undefined,
  io: Io,
): void {
  for (const line of invalidObjectLines(invalid)) io.stderr(`${line}\n`);
  const where = from.length > 0 ? `${from.join(', ')}: ` : 'Error from server (NotFound): ';
  for (const name of missing)
    io.stderr(`${where}services ${JSON.stringify(name)} not found (namespace ${namespace})\n`);
}

function reportLeftAlone(verdicts: readonly EndpointsDecision[], io: Io): void {
  for (const verdict of verdicts) {
    if (verdict.is === 'left alone')
      io.stderr(`service/${verdict.service.metadata.name} is left alone: ${verdict.why}\n`);
  }
}

const namesAcrossNamespaces = (): KproxyError =>
  new KproxyError({
    message: 'Services cannot be named together with -A (--all-namespaces)',
    code: 'options-contradict',
    advice: 'leave the names out, or choose one namespace with -n',
  });
