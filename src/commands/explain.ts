import type { Cluster } from '../cluster/cluster.js';
import { currentNamespace } from '../cluster/context.js';
import { readClusterWithKubectl } from '../cluster/kubectl.js';
import type { Asked } from '../explain/ask/asked.js';
import { namespacesOfPods } from '../explain/ask/needed-pods.js';
import type { Source } from '../explain/ask/source.js';
import { targetsOf } from '../explain/ask/targets.js';
import type { World } from '../explain/ask/world.js';
import { engineOn } from '../explain/engine.js';
import { explain, type Inquiry } from '../explain/explain.js';
import type { Explanation, Flow } from '../explain/explanation.js';
import { disagreements, probeFlows } from '../explain/probe/probe-flows.js';
import type { Protocol } from '../net/protocol.js';
import type { NodeAccess } from '../node/access.js';
import { namespacesByAddress } from '../node/network-namespaces.js';
import { drawing, type Form } from './shared/drawing.js';
import { changesOf, type ExplainBasis } from './shared/explain-basis.js';
import type { Io } from './shared/io.js';
import { type CommandOutcome, outcomeFor } from './shared/outcome.js';
import { type ReadToExplainOptions, readToExplain } from './shared/read-to-explain.js';
import { withAskedService } from './shared/with-asked-service.js';

export interface ExplainOptions extends Omit<ReadToExplainOptions, 'mustRead'> {
  /** Writes the commands that fix something with sudo. */
  readonly sudo: boolean;
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
export async function runExplain(given: ExplainOptions, node: NodeAccess, io: Io): Promise<CommandOutcome> {
  const { probeWith, isEstablished } = given;
  const { cluster, basis, proxy } = await readToExplain({ ...given, mustRead: probeWith !== undefined }, node, io);
  const options = { ...given, proxy };
  const namespaces = probeWith === undefined ? undefined : await namespacesByAddress(node);
  const explained = await flowsOf(options, cluster, basis, [...(namespaces?.keys() ?? [])], io);
  const flows =
    probeWith === undefined || namespaces === undefined
      ? explained
      : await probeFlows(explained, { node, self: probeWith, namespaces });
  const explanation: Explanation = {
    node: proxy.nodeName,
    basis: basis.kind,
    asked: options.target,
    isEstablished,
    flows,
  };
  io.stdout(drawing(explanation, options.form, options.client !== undefined, options.isColored));
  for (const line of disagreements(flows)) io.stderr(`${line}\n`);
  return outcomeFor(cluster, basis.reconciliation.desired, isAllWell(flows) ? 'done' : 'differences');
}

const isAllWell = (flows: readonly Flow[]): boolean =>
  flows.every(({ verdict, probe }) => verdict === 'answered' && probe?.agrees !== false);

async function flowsOf(
  options: ExplainOptions,
  cluster: Cluster,
  basis: ExplainBasis,
  namespaceAddresses: readonly string[],
  io: Io,
): Promise<readonly Flow[]> {
  const inquiry = await inquiryOf(options);
  const { datapath, facts, iptables, reconciliation } = basis;
  const known = await withAskedService(cluster, inquiry.asked, inquiry.namespace, options.source);
  const read = { cluster: known, proxy: options.proxy, facts, datapath, namespaceAddresses };
  const world = { ...read, cluster: await withPods(read, inquiry, options, io) };
  const style = { sudo: options.sudo, iptables };
  const suspects = { desired: reconciliation.desired, changes: changesOf(basis), style };
  return explain(inquiry, world, engineOn(world, suspects));
}

/** A Service without a namespace is in that of kubectl's context, as for kubectl itself. */
async function inquiryOf({ asked, client, protocol, isEstablished, source }: ExplainOptions): Promise<Inquiry> {
  const { from, kubectl } = source;
  const named = (asked.kind === 'service' ? asked.namespace : undefined) ?? source.namespace;
  const isNeeded = asked.kind === 'service' || client?.kind === 'pod';
  const namespace = named ?? (isNeeded && from.length === 0 ? await currentNamespace(kubectl) : 'default');
  return {
    asked: asked.kind === 'service' ? { ...asked, namespace } : asked,
    ...{ protocol, client, namespace, isEstablished },
  };
}

/** Returns the cluster with those Pods that the explanation needs. Files have them already. */
async function withPods(
  world: World,
  { asked, protocol, client, namespace }: Inquiry,
  { source: { from, kubectl } }: ExplainOptions,
  io: Io,
): Promise<Cluster> {
  const { cluster } = world;
  if (from.length > 0) return cluster;
  const namespaces = namespacesOfPods(targetsOf(asked, world, protocol), client, namespace, world);
  const warn = (line: string) => io.stderr(`${line}\n`);
  const lists = namespaces.map(one =>
    readClusterWithKubectl(kubectl, { kinds: ['Pod'], namespace: one, optional: ['Pod'], warn }),
  );
  return { ...cluster, pods: (await Promise.all(lists)).flatMap(({ pods }) => pods) };
}
