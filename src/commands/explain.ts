import type { Cluster } from '../cluster/cluster.js';
import { currentNamespace } from '../cluster/context.js';
import { readClusterWithKubectl } from '../cluster/kubectl.js';
import type { Asked } from '../explain/ask/asked.js';
import type { Source } from '../explain/ask/source.js';
import { engineOn } from '../explain/engine.js';
import { explain, type Inquiry } from '../explain/explain.js';
import type { Explanation, Flow } from '../explain/explanation.js';
import { knownWorld } from '../explain/known-world.js';
import { disagreements, probeFlows } from '../explain/probe/probe-flows.js';
import type { Protocol } from '../net/protocol.js';
import type { NodeAccess } from '../node/access.js';
import { coverageOfCluster } from '../sync/coverage.js';
import { drawing, type Form } from './shared/drawing.js';
import { type BasisOptions, type ExplainBasis, readBasis } from './shared/explain-basis.js';
import type { Io } from './shared/io.js';
import { type CommandOutcome, outcomeFor } from './shared/outcome.js';
import { type ClusterSource, readClusterForNode } from './shared/read-cluster.js';
import { reportCluster, reportObjects, reportUnknownNode } from './shared/report-cluster.js';

export interface ExplainOptions extends Omit<BasisOptions, 'mustRead'> {
  readonly source: ClusterSource;
  /** TARGET as the user wrote it. */
  readonly target: string;
  readonly asked: Asked;
  readonly client: Source | undefined;
  readonly protocol: Protocol | undefined;
  readonly isEstablished: boolean;
  readonly form: Form;
  readonly isColored: boolean;
  /** The words that start kproxy itself, if packets are to be sent. */
  readonly probeWith: readonly string[] | undefined;
}

/** Follows packets to a target through the node, and says what becomes of them and why. */
export async function runExplain(options: ExplainOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { proxy, probeWith } = options;
  const cluster = await readClusterForNode(options.source, io);
  reportObjects(cluster, io);
  reportUnknownNode(proxy.nodeName, cluster, io);
  const basis = await readBasis(cluster, { ...options, mustRead: probeWith !== undefined }, node);
  for (const line of basis.remarks) io.stderr(`${line}\n`);
  const { desired } = basis.reconciliation;
  reportCluster(coverageOfCluster(cluster, options), desired, io);
  const explained = await flowsOf(options, cluster, basis, io);
  const flows = probeWith === undefined ? explained : await probeFlows(explained, { node, self: probeWith });
  const explanation: Explanation = { node: proxy.nodeName, basis: basis.kind, asked: options.target, flows };
  io.stdout(drawing(explanation, options.form, options.client !== undefined, options.isColored));
  for (const line of disagreements(flows)) io.stderr(`${line}\n`);
  return outcomeFor(cluster, desired, isAllWell(flows) ? 'done' : 'differences');
}

const isAllWell = (flows: readonly Flow[]): boolean =>
  flows.every(({ verdict, probe }) => verdict === 'answered' && probe?.agrees !== false);

async function flowsOf(
  options: ExplainOptions,
  given: Cluster,
  { datapath, facts, reconciliation }: ExplainBasis,
  io: Io,
): Promise<readonly Flow[]> {
  const inquiry = await inquiryOf(options);
  const cluster = options.client?.kind === 'pod' ? await withPods(given, inquiry, options, io) : given;
  const world = { cluster, proxy: options.proxy, facts, datapath };
  const walkWorld = knownWorld(cluster, reconciliation.desired, options.proxy.nodeName);
  return explain(
    inquiry,
    world,
    engineOn(datapath, walkWorld, () => undefined),
  );
}

/** A Service without a namespace is in that of kubectl's context, as for kubectl itself. */
async function inquiryOf({ asked, client, protocol, isEstablished, ...options }: ExplainOptions): Promise<Inquiry> {
  const { from, kubectl, namespace } = options.source;
  const named = asked.kind === 'service' ? asked.namespace : undefined;
  const needsOne = (asked.kind === 'service' && named === undefined) || client?.kind === 'pod';
  const own = named ?? namespace ?? (needsOne && from.length === 0 ? await currentNamespace(kubectl) : 'default');
  return {
    asked: asked.kind === 'service' ? { ...asked, namespace: own } : asked,
    protocol,
    source: client,
    namespace: own,
    isEstablished,
  };
}

/** Nothing else of a node depends on Pods, so they are read only for a Pod that the user names. */
async function withPods(
  cluster: Cluster,
  { source, namespace }: Inquiry,
  { source: { from, kubectl } }: ExplainOptions,
  io: Io,
): Promise<Cluster> {
  if (from.length > 0 || source?.kind !== 'pod') return cluster;
  const { pods } = await readClusterWithKubectl(kubectl, {
    kinds: ['Pod'],
    namespace: source.namespace ?? namespace,
    optional: ['Pod'],
    warn: line => io.stderr(`${line}\n`),
  });
  return { ...cluster, pods };
}
