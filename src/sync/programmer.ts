import type { ClusterStore, ObjectChange } from '../cluster/store.js';
import type { NodeAccess } from '../node/access.js';
import { applyPlan } from '../node/apply.js';
import type { NodeFacts } from '../node/facts.js';
import { withBackend } from '../node/iptables-backend.js';
import { keyOf } from '../node/kinds/index.js';
import { type ActualNode, readNodeWith } from '../node/read.js';
import { readConnections } from '../node/read-virtual-servers.js';
import { elementsOf, type NodeState } from '../node/state.js';
import { isRemakingWhole } from '../plan/diff.js';
import { type IsOwn, withWantedServers } from '../plan/ownership.js';
import { type Plan, planOf } from '../plan/plan.js';
import { ledgerOfServices } from '../proxy/cluster-claims.js';
import { completed, type Desired } from '../proxy/desired.js';
import type { Ledger } from '../proxy/ledger.js';
import type { ProxyOptions } from '../proxy/options.js';
import { nothingRetained, type Retention, withRetained } from '../proxy/retained.js';
import { type ClaimService, claimService } from '../proxy/service-claims.js';
import { compareClaims, remaining } from './compare.js';
import type { ReadScope } from './coverage.js';
import { type KnownNode, knownNode, nodeAfter } from './known-node.js';
import { drainingIn, leavable, retainedKeys, wantedOf } from './part.js';
import { notOnTheNode, readBack } from './read-back.js';
import { retentionOf } from './retention.js';
import { changesEverything, servicesTouchedBy, sourcesIn } from './touched.js';

/** What a sync did. */
export interface Synced {
  readonly plan: Plan;
  readonly desired: Desired;
}

export interface ProgrammerOptions extends ReadScope {
  readonly store: ClusterStore;
  readonly node: NodeAccess;
  readonly proxy: ProxyOptions;
  /** Called when a piece of work is done that leaves much to collect: adding up what so many Services ask for, or planning so many changes. */
  readonly onWorked?: (size: number) => void;
}

type NodeCircumstances = Omit<ActualNode, 'state'>;

/** What a whole sync starts from. */
interface Basis {
  readonly claim: ClaimService;
  readonly asked: Ledger;
}

/** What is remembered from sync to sync. */
interface Memory extends Basis {
  /** Without its state: that is `known`, and a second one would be a quarter of all memory. */
  readonly actual: NodeCircumstances;
  readonly known: KnownNode;
  /** Keys of what is on the node without a Service that asks for it. */
  readonly retained: ReadonlySet<string>;
  readonly draining: number;
}

/** Keeps a node as the cluster's objects ask, and remembers what it has made of it. */
export class Programmer {
  readonly #options: ProgrammerOptions;
  readonly #isLeavable: IsOwn;
  #memory: Memory | undefined;

  constructor(options: ProgrammerOptions) {
    this.#options = options;
    this.#isLeavable = leavable(options.proxy.excludeCidrs);
  }

  /** How many real servers stay only until their connections are closed. What stays for other reasons goes with a change or a whole sync. */
  draining(): number {
    return this.#memory?.draining ?? 0;
  }

  /** Reads the node and brings the whole of it to what it should be; `changes` are those that no sync has seen yet. */
  async syncAll(changes: readonly ObjectChange[] = []): Promise<Synced> {
    const { actual, wanted } = await readNodeWith(this.#options.node, facts => this.#basisOf(facts, changes));
    const synced = await this.#syncWhole(wanted, actual);
    if (synced.plan.length === 0) return synced;
    const left = remaining(await readBack(this.#options.node, synced.desired), synced.desired, this.#options.proxy);
    if (left.length === 0) return synced;
    this.#memory = undefined;
    throw notOnTheNode(left, synced.plan);
  }

  /** The ledger is kept as long as nothing has changed that all of it depends on. */
  #basisOf(facts: NodeFacts, changes: readonly ObjectChange[]): Basis {
    const last = this.#memory;
    // Until all has gone well nothing is known.
    this.#memory = undefined;
    if (
      last !== undefined &&
      JSON.stringify(last.actual.facts) === JSON.stringify(facts) &&
      !changesEverything(changes, this.#options.proxy.nodeName)
    ) {
      this.#replaceClaims(last, changes);
      return { claim: last.claim, asked: last.asked };
    }
    const { store, proxy } = this.#options;
    const cluster = store.cluster();
    const claim = claimService(cluster, sourcesIn(store), proxy, facts);
    const asked = ledgerOfServices(cluster, claim);
    this.#options.onWorked?.(cluster.services.length);
    return { claim, asked };
  }

  /** Compares everything, with a node that has been read or is known. */
  async #syncWhole(basis: Basis, actual: ActualNode): Promise<Synced> {
    const { desired, plan, isOwn } = compareClaims(
      basis.asked.claims(),
      this.#options.store.cluster(),
      actual,
      this.#options.proxy,
      this.#options,
    );
    await this.#apply(actual, plan);
    const { state, ...circumstances } = actual;
    const known = knownNode(nodeAfter(state, desired.state, isOwn));
    const retained = retainedKeys(basis.asked, desired.state);
    this.#memory = {
      ...basis,
      actual: circumstances,
      known,
      retained,
      draining: drainingIn(desired.state, retained),
    };
    return { plan, desired };
  }

  /** Compares everything with the node as it is known. Which real server goes is only found out then, so that all connections are counted. */
  async #syncKnown(current: Memory): Promise<Synced> {
    const { actual, known } = current;
    known.counted(await readConnections(this.#options.node), elementsOf(known.whole(), 'real-server').map(keyOf));
    return this.#syncWhole(current, { ...actual, state: known.whole() });
  }

  async #apply({ iptables }: NodeCircumstances, plan: Plan): Promise<void> {
    if (plan.length === 0) return;
    this.#options.onWorked?.(plan.length);
    await applyPlan(withBackend(this.#options.node, iptables), plan);
  }

  /** Computes and changes only what depends on these objects; everything, where nothing is known of the node. */
  async syncChanges(changes: readonly ObjectChange[]): Promise<Synced> {
    const current = this.#memory;
    if (current === undefined || changesEverything(changes, this.#options.proxy.nodeName)) return this.syncAll(changes);
    const touched = this.#replaceClaims(current, changes);
    this.#memory = undefined;
    if (isAboutAll(this.#options.store, this.#options)) return this.#syncKnown(current);
    return this.#syncPart(current, new Set([...touched, ...current.retained]));
  }

  #replaceClaims({ asked, claim }: Memory, changes: readonly ObjectChange[]): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const name of servicesTouchedBy(changes)) {
      const service = this.#options.store.objects('Service').get(name);
      for (const key of asked.replace(name, service && claim(service))) touched.add(key);
    }
    return touched;
  }

  /** Compares the elements with these keys, and the few that follow from all Services together. */
  async #syncPart(current: Memory, keys: ReadonlySet<string>): Promise<Synced> {
    const { asked: ledger, known, actual } = current;
    const wanted = wantedOf(ledger, keys);
    await this.#countLeaving(known, keys, wanted);
    const part = known.part(keys);
    const isOwn = withWantedServers(this.#isLeavable, key => ledger.has(key));
    const claims = withRetained(
      {
        ...emptyClaims,
        asked: ledger,
        elements: wanted,
        reasons: ledger.reasons,
        setSizes: ledger.setSizes,
        closedToNode: ledger.closedToNode(),
      },
      part,
      this.#retention(part),
      isOwn,
    );
    const desired = completed(claims, this.#options.proxy, actual.facts);
    const plan = planOf(part, desired, isOwn);
    // What is made anew takes more with it than is in a part of the node.
    if (plan.some(isRemakingWhole)) return this.syncAll();
    await this.#apply(actual, plan);
    known.made(plan, part);
    const retained = retainedKeys(ledger, desired.state);
    this.#memory = { ...current, retained, draining: drainingIn(desired.state, retained) };
    return { plan, desired };
  }

  /** What an invalid object may have asked for is either touched by a change, or has been kept until now and so is in every part. */
  #retention(part: NodeState): Retention {
    const { store } = this.#options;
    return store.invalid().length === 0 ? nothingRetained : retentionOf(store.cluster(), part, this.#options);
  }

  /** Connections are counted only where a real server is about to go. */
  async #countLeaving(known: KnownNode, keys: ReadonlySet<string>, wanted: NodeState): Promise<void> {
    const leaving = [...known.part(keys)].flatMap(([key, element]) =>
      element.kind === 'real-server' && !wanted.has(key) ? [key] : [],
    );
    if (leaving.length > 0) known.counted(await readConnections(this.#options.node), leaving);
  }
}

export const programmer = (options: ProgrammerOptions): Programmer => new Programmer(options);

/** Whether what to keep is a question about all that is on the node: most of it may be there for a reason that the store does not hold. */
function isAboutAll(store: ClusterStore, { namespace, allowEmpty }: ReadScope): boolean {
  if (namespace !== undefined) return true;
  const hasEndpoints = store.objects('EndpointSlice').size + store.objects('Endpoints').size > 0;
  return !allowEmpty && (store.objects('Service').size === 0 || !hasEndpoints);
}

const emptyClaims = { conflicts: [], problems: [] } as const;
