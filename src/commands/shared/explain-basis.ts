import type { Cluster } from '../../cluster/cluster.js';
import { KproxyError } from '../../errors.js';
import { desiredDatapath } from '../../explain/datapath/desired/desired-datapath.js';
import type { Explanation } from '../../explain/explanation.js';
import { familyOf, hostPrefix } from '../../net/address.js';
import type { NodeAccess } from '../../node/access.js';
import { type ActualState, actualState, emptyNode } from '../../node/actual-state.js';
import type { Change } from '../../node/change.js';
import type { Datapath } from '../../node/datapath/datapath.js';
import { readDatapath } from '../../node/datapath/read-datapath.js';
import { type NodeFacts, unknownFacts } from '../../node/facts.js';
import type { IptablesBackend } from '../../node/iptables-backend.js';
import { readFacts, readNode } from '../../node/read.js';
import { readOnce } from '../../node/read-once.js';
import { diff } from '../../plan/diff.js';
import { needsTimeouts } from '../../proxy/ipvs-timeouts.js';
import type { ProxyOptions } from '../../proxy/options.js';
import { familiesOf, ledgerOf } from '../../proxy/service-claims.js';
import { nodeOf } from '../../snapshot/node-of.js';
import type { Snapshot } from '../../snapshot/snapshot.js';
import { coverageOfCluster, type ReadScope } from '../../sync/coverage.js';
import { hasOthers, withOthers } from '../../sync/facts-of-others.js';
import { type Reconciliation, reconcile } from '../../sync/reconcile.js';
import { reconcileFromNothing } from '../../sync/reconcile-from-nothing.js';

/** The node that packets are followed through. */
export interface ExplainBasis {
  readonly kind: Explanation['basis'];
  readonly datapath: Datapath;
  readonly facts: NodeFacts;
  readonly iptables: IptablesBackend;
  /** What was read of the node. Empty for a node as it should be. */
  readonly actual: ActualState;
  readonly reconciliation: Reconciliation;
  /** What the user should know of the basis: lines for stderr. */
  readonly remarks: readonly string[];
}

export interface BasisOptions extends ReadScope {
  readonly proxy: ProxyOptions;
  readonly snapshot?: Snapshot | undefined;
  /** Takes the node as it should be, and reads of the machine only what every user may read. */
  readonly isAsDesired: boolean;
  /** Refuses to take the node as it should be if it cannot be read. */
  readonly mustRead: boolean;
}

/**
 * Returns the snapshot's node, the node as it is, or, if it cannot be read, as it should be.
 * @throws KproxyError `snapshot-invalid` for a snapshot of an earlier version, or that of a node that must be read, or
 * that is there and cannot be understood
 */
export async function readBasis(cluster: Cluster, options: BasisOptions, node: NodeAccess): Promise<ExplainBasis> {
  const { snapshot, isAsDesired, mustRead } = options;
  if (snapshot !== undefined) return snapshotBasis(cluster, snapshot, options);
  if (isAsDesired) return desiredBasis(cluster, options, node, 'explaining the node as it should be (--as-desired)');
  const read = await readPresent(cluster, options, node).catch((error: unknown) => {
    if (mustRead || !(error instanceof KproxyError) || !isNoNode(error)) throw error;
    return error;
  });
  if (!(read instanceof KproxyError)) return { ...read, reconciliation: reconciled(cluster, options, read) };
  const line = `explaining the node as it should be, because its state cannot be read (${read.message})`;
  return desiredBasis(cluster, options, node, line);
}

/**
 * Returns true if this machine lacks a tool, or the user the right to use one. Any other error is of a node with
 * something on it, such as rules that iptables cannot show: the node as it should be would hide what is wrong.
 */
const isNoNode = ({ code }: KproxyError): boolean => code === 'tool-missing' || code === 'tool-failed';

async function readPresent(
  cluster: Cluster,
  { proxy }: BasisOptions,
  access: NodeAccess,
): Promise<Omit<ExplainBasis, 'reconciliation'>> {
  const node = readOnce(access);
  const reading = readNode(node, Promise.resolve(familiesOf(cluster.services)), {
    timeouts: needsTimeouts(proxy),
  });
  const [{ findings, facts, iptables, remarks }, datapath] = await Promise.all([
    reading,
    readDatapath(
      node,
      reading.then(({ iptables }) => iptables),
    ),
  ]);
  const actual = actualState(findings);
  return { kind: { kind: 'node' }, datapath, facts, iptables, actual, remarks: [...remarks, ...datapath.unread] };
}

function snapshotBasis(cluster: Cluster, snapshot: Snapshot, options: BasisOptions): ExplainBasis {
  const { actual, facts, iptables, remarks, datapath } = nodeOf(snapshot);
  if (datapath === undefined)
    throw new KproxyError({
      code: 'snapshot-invalid',
      message: `the snapshot of ${snapshot.takenAt} has neither routes nor the rules of other software`,
      advice: 'An earlier kproxy took it. Take a new one with this version: kproxy snapshot >node.json',
    });
  const reconciliation = reconciled(cluster, options, { actual, facts });
  const kind = { kind: 'snapshot', takenAt: snapshot.takenAt } as const;
  return { kind, datapath, facts, iptables, actual, reconciliation, remarks: [...remarks, ...datapath.unread] };
}

const reconciled = (
  cluster: Cluster,
  options: BasisOptions,
  { actual, facts: read }: Pick<ExplainBasis, 'actual' | 'facts'>,
): Reconciliation => {
  const { proxy, namespace } = options;
  const { excludeCidrs } = proxy;
  const claimed = ledgerOf(cluster, proxy, read);
  const known = { ledger: claimed, state: actual.state, services: cluster.services, namespace, excludeCidrs };
  const facts = withOthers(read, known);
  const ledger = hasOthers(facts) ? ledgerOf(cluster, proxy, facts) : claimed;
  const coverage = coverageOfCluster(cluster, options);
  return reconcile({ ledger, actual, coverage, options: proxy, facts });
};

/** The addresses that the node is assumed to have decide where node ports are. */
async function desiredBasis(
  cluster: Cluster,
  { proxy }: BasisOptions,
  node: NodeAccess,
  line: string,
): Promise<ExplainBasis> {
  // Another operating system has no ip.
  const read = await readFacts(node).catch(() => unknownFacts);
  const known = { cluster, options: proxy };
  const bare = desiredDatapath(new Map(), { ...known, facts: read });
  const facts = { ...read, localAddresses: localAddressesOf(bare.datapath) };
  const reconciliation = reconcileFromNothing(cluster, proxy, facts);
  const { datapath, assumed } = desiredDatapath(reconciliation.desired.state, { ...known, facts: read });
  return {
    kind: { kind: 'desired' },
    datapath,
    facts,
    iptables: node.chosenBackend ?? 'default',
    actual: emptyNode,
    reconciliation,
    remarks: [line, ...assumed],
  };
}

/** The networks of the addresses are assumed, so that no endpoint may be refused as the broadcast address of one. */
const localAddressesOf = ({ links }: Datapath): NodeFacts['localAddresses'] =>
  links.flatMap(({ name, addresses }) =>
    addresses.map(({ address, scope }) => ({ link: name, address, prefix: hostPrefix(familyOf(address)), scope })),
  );

/** Returns what kproxy would change on the node. A node as it should be needs nothing. */
export const changesOf = ({ kind, actual, reconciliation: { desired, isOwn } }: ExplainBasis): readonly Change[] =>
  kind.kind === 'desired' ? [] : diff(actual, desired.state, isOwn);
