import type { Cluster } from '../cluster/cluster.js';
import { currentNamespace } from '../cluster/context.js';
import { readClusterFiles } from '../cluster/files.js';
import { readClusterWithKubectl } from '../cluster/kubectl.js';
import type { Kubectl } from '../cluster/kubectl-command.js';
import { firstRemarks } from '../cluster/remark.js';
import { applyWrites } from '../endpoints/apply.js';
import type { EndpointsDecision, EndpointsObject } from '../endpoints/decision.js';
import { reconcileServices } from '../endpoints/reconcile-services.js';
import { endpointsScript } from '../endpoints/script.js';
import { type SelectedServices, selectServices } from '../endpoints/select-services.js';
import { writesOf } from '../endpoints/write.js';
import { formatList, type ObjectFormat } from '../output/objects.js';
import { someText } from '../text.js';
import type { Io } from './shared/io.js';
import type { CommandOutcome } from './shared/outcome.js';
import { reportObjects } from './shared/report-cluster.js';
import { writingTo } from './shared/writing-to.js';

export interface EndpointsOptions {
  /** Names of Services. Empty means all Services. */
  readonly services: readonly string[];
  readonly namespace?: string | undefined;
  readonly allNamespaces: boolean;
  /** Files, folders or `-`. Empty means that kubectl reads the cluster. */
  readonly from: readonly string[];
  readonly dryRun: boolean;
  /** Writes objects that were computed from files too, which are printed otherwise. */
  readonly write: boolean;
  /** The context that the user chose. Undefined leaves the choice to kubectl. */
  readonly context?: string | undefined;
  /** Prints all computed objects and writes nothing. */
  readonly output?: ObjectFormat | undefined;
  readonly kubectl: Kubectl;
  /** The flags that `kubectl` puts before its verb, for the script. */
  readonly kubectlArguments: readonly string[];
}

/** More would push what kubectl writes off the screen. */
const mostWarnings = 20;

/**
 * Runs `kproxy endpoints`: writes the Endpoints object of each Service with kubectl, or prints what it would write.
 * Leaves Endpoints without a Service alone, because a Service that was not read may still exist.
 * @throws KproxyError if the input cannot be read, or endpoints-not-written
 */
export async function runEndpoints(options: EndpointsOptions, io: Io): Promise<CommandOutcome> {
  const namespace = options.allNamespaces ? undefined : await chosenNamespace(options);
  const cluster = await readCluster(options, namespace, io);
  const selection = selectServices(cluster, namespace, options.services);
  reportObjects({ invalid: selection.invalid, notes: cluster.notes }, io);
  reportMissing(selection, options, namespace, io);
  if (selection.services.length === 0 && options.services.length === 0) io.stderr(noServicesText(cluster, namespace));
  const { decisions, warnings } = reconcileServices(cluster, selection);
  for (const line of firstRemarks(warnings, mostWarnings, 'Endpoints objects')) io.stderr(`${line}\n`);
  if (options.services.length > 0) reportLeftAlone(decisions, io);
  await writeOrPrint(options, decisions, io);
  return selection.invalid.length + selection.missing.length > 0 ? 'invalid-objects' : 'done';
}

async function writeOrPrint(options: EndpointsOptions, decisions: readonly EndpointsDecision[], io: Io): Promise<void> {
  const { output, dryRun, write, from, kubectl, kubectlArguments } = options;
  const writes = writesOf(decisions);
  const isFromFiles = from.length > 0;
  if (output !== undefined) io.stdout(formatList(objectsOf(decisions), output));
  else if (dryRun || (isFromFiles && !write)) {
    io.stdout(endpointsScript(writes, kubectlArguments));
    if (!dryRun && writes.length > 0) io.stderr(notWritten);
  } else {
    if (isFromFiles && writes.length > 0) io.stderr(`${await writingTo(options)}\n`);
    await applyWrites(kubectl, decisions, writes, io);
  }
}

/** Files say nothing about the cluster that kubectl happens to point at. */
const notWritten = 'nothing was written: with --write, kproxy writes what it computes from files\n';

const objectsOf = (decisions: readonly EndpointsDecision[]): readonly EndpointsObject[] =>
  decisions.flatMap(decision => (decision.outcome === 'left alone' ? [] : [decision.object]));

async function chosenNamespace({ namespace, from, kubectl }: EndpointsOptions): Promise<string> {
  if (namespace !== undefined) return namespace;
  return from.length > 0 ? 'default' : currentNamespace(kubectl);
}

function readCluster(options: EndpointsOptions, namespace: string | undefined, io: Io): Promise<Cluster> {
  if (options.from.length > 0) return readClusterFiles(options.from, io.readStdin, { namespace });
  return readClusterWithKubectl(options.kubectl, { kinds: ['Service', 'Pod', 'Endpoints'], namespace });
}

function noServicesText({ services }: Cluster, namespace: string | undefined): string {
  const others = [...new Set(services.map(({ metadata }) => metadata.namespace))].sort();
  const hint = others.length === 0 ? '' : `; there are some in ${someText(others, 10)} (-n NAMESPACE or -A)`;
  return `No Services found${namespace === undefined ? '' : ` in namespace ${namespace}`}${hint}\n`;
}

function reportMissing(
  { missing }: SelectedServices,
  { from }: EndpointsOptions,
  namespace: string | undefined,
  io: Io,
): void {
  const where = from.length > 0 ? `${from.join(', ')}: ` : 'Error from server (NotFound): ';
  for (const name of missing)
    io.stderr(`${where}services ${JSON.stringify(name)} not found (namespace ${namespace})\n`);
}

function reportLeftAlone(decisions: readonly EndpointsDecision[], io: Io): void {
  for (const decision of decisions) {
    if (decision.outcome === 'left alone')
      io.stderr(`service/${decision.service.metadata.name} is left alone: ${decision.reason}\n`);
  }
}
