import { isDeepStrictEqual } from 'node:util';
import { eachInParts, type InParts, withBreaths } from '../breath.js';
import type { NodeAddresses } from '../cluster/node-addresses.js';
import type { ClusterStore, ObjectChange } from '../cluster/store.js';
import type { Family } from '../net/address.js';
import type { NodeAccess } from '../node/access.js';
import type { ActualState } from '../node/actual-state.js';
import { subjectOf } from '../node/change.js';
import type { NodeFacts } from '../node/facts.js';
import { type IptablesBackend, withBackend } from '../node/iptables-backend.js';
import { keyOf } from '../node/kinds/index.js';
import { startReading } from '../node/read.js';
import { readConnections } from '../node/read-virtual-servers.js';
import { visitInParts } from '../node/state.js';
import { contentsInParts, isContainerRecreation } from '../plan/diff.js';
import { flowsOfChanges } from '../plan/flows-of-changes.js';
import type { Plan } from '../plan/plan.js';
import { ClusterIpHolders } from '../proxy/cluster-ip-holders.js';
import type { Desired } from '../proxy/desired.js';
import type { FindSources } from '../proxy/endpoint.js';
import { needsTimeouts } from '../proxy/ipvs-timeouts.js';
import type { Ledger } from '../proxy/ledger.js';
import type { ProxyOptions } from '../proxy/options.js';
import { type ClaimService, createClaimService, familiesOf, ledgerInParts } from '../proxy/service-claims.js';
import { withoutRefused } from '../proxy/without-refused.js';
import { Acceptance } from './acceptance.js';
import { type Coverage, coverageOfStore, needsWholeNode, type ReadScope } from './coverage.js';
import { DeltaTracker } from './delta-tracker.js';
import { withOthersInParts } from './facts-of-others.js';
import { momentOf, momentOfServices, type StoreLookup, storeNow } from './moment.js';
import { knownNodesOf } from './node-name.js';
import { requireNodeNetworks } from './node-networks.js';
import { type Reconciliation, reconcileInParts } from './reconcile.js';
import { type ChangedNode, type RemovedFlows, removeLeavingFlows, removeStaleFlows } from './remove-stale-flows.js';
import { drainingIn } from './retained.js';
import { changesEverything, hasUntriedFamily, servicesTouchedBy } from './touched.js';
import { type ReadServices, withUnreadClusterIps } from './unread-cluster-ips.js';
import { requireApplied } from './verify.js';

/** What a sync did. */
export interface Synced {
  readonly plan: Plan;
  readonly desired: Desired;
  /** The families that the node serves. */
  readonly served: readonly Family[];
}

export interface ProgrammerOptions extends ReadScope {
  readonly store: ClusterStore;
  readonly node: NodeAccess;
  readonly proxy: ProxyOptions;
  /** Called after work that leaves much garbage, with the number of Services or changes. */
  readonly onWorked?: (size: number) => void;
  /** Returns true if a sync should leave the rest of a large Service's changes to the next one. */
  readonly isWaiting?: () => boolean;
  /** Called before each sync changes anything, with everything that the user should know of the node. */
  readonly onRemarks?: (lines: readonly string[]) => void;
}

/** What the Services claim, and the function that computes the claims of another one. */
interface Claimed {
  /** The addresses of other Nodes for which the claims hold. */
  readonly nodeAddresses: NodeAddresses | undefined;
  readonly holders: ClusterIpHolders;
  readonly claim: ClaimService;
  readonly ledger: Ledger;
}

/** What is remembered from one sync to the next. */
interface Memory extends Claimed {
  readonly facts: NodeFacts;
  readonly iptables: IptablesBackend;
  readonly remarks: readonly string[];
  readonly tracker: DeltaTracker;
  /** Keys of elements that are on the node although no Service claims them. */
  readonly retained: ReadonlySet<string>;
  readonly draining: number;
  /** Keys of changes that the last sync left to the next one. */
  readonly pending: ReadonlySet<string>;
}

/** The changes that were made, and the keys of those that have yet to be. */
interface MadeChanges {
  readonly plan: Plan;
  readonly pending: ReadonlySet<string>;
}

/** @param count how many of the parts were made */
function* madeOf(parts: readonly Plan[], count: number, { state }: ActualState): InParts<MadeChanges> {
  const pending = new Set<string>();
  const removed = new Set<string>();
  yield* eachInParts(parts.slice(count).flat(), change => {
    const key = keyOf(subjectOf(change));
    pending.add(key);
    if (change.verb === 'remove') removed.add(key);
  });
  // What goes with its container has no change of its own, and must be known to have gone.
  for (const key of yield* contentsInParts(removed, state)) pending.add(key);
  return { plan: parts.slice(0, count).flat(), pending };
}

/** What a sync starts from. */
type Basis = Omit<Memory, 'retained' | 'draining' | 'pending'>;

/**
 * Keeps a node as the cluster's Services need it: decides which keys a change touches, and between full and partial
 * sync.
 */
export class Programmer {
  readonly #options: ProgrammerOptions;
  /** The options with the last known networks of this node's Pods. */
  #proxy: ProxyOptions;
  #memory: Memory | undefined;
  readonly #acceptance: Acceptance;
  /** Looks up endpoints as they were when the claims began to be computed. */
  #sourcesOf: FindSources;
  /** Endpoints objects were not known when the present sync began, or when its claims were computed. */
  #wereEndpointsUnread = false;
  /** Why the last full sync could not look for stale flows. */
  #flowRemarks: readonly string[] = [];

  constructor(options: ProgrammerOptions) {
    this.#options = options;
    this.#proxy = options.proxy;
    this.#sourcesOf = storeNow(options.store).sourcesOf;
    this.#acceptance = new Acceptance(options.proxy.scheduler);
  }

  /** The number of real servers that stay only until their connections are closed. */
  draining(): number {
    return this.#memory?.draining ?? 0;
  }

  /**
   * Reads the node and reconciles the whole of it. What the node refused before is tried again.
   * @param changes those that no sync has seen yet
   */
  async syncAll(changes: readonly ObjectChange[] = []): Promise<Synced> {
    this.#proxy = this.#withNodeNetworks();
    this.#wereEndpointsUnread = this.#areEndpointsUnread();
    const node = withBackend(this.#options.node, this.#memory?.iptables ?? 'default');
    // All claims were computed without what was refused before.
    if (await this.#acceptance.tryAgain(node, this.#memory?.ledger)) this.#memory = undefined;
    return this.#syncAsRead(changes);
  }

  async #syncAsRead(changes: readonly ObjectChange[]): Promise<Synced> {
    const { node, store, proxy } = this.#options;
    const families = Promise.resolve(familiesOf(store.objects('Service').values()));
    const reading = startReading(node, families, { timeouts: needsTimeouts(proxy) });
    const { foreignServers, unreadClusterIps } = this.#memory?.facts ?? {};
    const ofOthers = { ...(foreignServers && { foreignServers }), ...(unreadClusterIps && { unreadClusterIps }) };
    const known = this.#acceptance.factsWith({ ...(await reading.facts), ...ofOthers });
    const claimed = await this.#claimed(known, changes);
    const { findings, iptables, remarks } = await reading.whole;
    const tracker = new DeltaTracker(claimed.ledger);
    await withBreaths(tracker.replaceActualInParts(findings));
    const { ledger } = claimed;
    const { excludeCidrs } = proxy;
    const others = { ledger, state: tracker.whole().state, excludeCidrs, ...this.#readServices() };
    const facts = await withBreaths(withOthersInParts(known, others));
    const basis = isDeepStrictEqual(facts, known) ? claimed : await this.#claimed(facts, []);
    const synced = await this.#syncWhole({ ...basis, facts, iptables, remarks, tracker }, true);
    if (synced === undefined) return this.#syncAsRead([]);
    // A sync that was cut short is not complete yet, and no reason to look for what is missing.
    if (synced.plan.length === 0 || (this.#memory?.pending.size ?? 0) > 0) return synced;
    try {
      await requireApplied(withBackend(node, iptables), synced, basis.ledger);
    } catch (error) {
      this.#memory = undefined;
      throw error;
    }
    return synced;
  }

  /** Reconciles only what depends on these objects, or everything if nothing is known of the node. */
  async syncChanges(changes: readonly ObjectChange[]): Promise<Synced> {
    const memory = this.#memory;
    if (memory === undefined || changesEverything(changes, this.#proxy) || hasUntriedFamily(changes, memory.facts))
      return this.syncAll(changes);
    if (this.#areOthersChanged(memory)) return this.syncAll(changes);
    // Until the sync has succeeded, nothing is known.
    this.#memory = undefined;
    this.#wereEndpointsUnread = this.#areEndpointsUnread();
    const touched = await withBreaths(this.#replaceClaims(memory, changes));
    const synced = needsWholeNode(this.#coverage())
      ? await this.#syncKnown(memory)
      : await this.#syncPart(memory, new Set([...touched, ...memory.retained, ...memory.pending]));
    return synced ?? this.#syncAsRead([]);
  }

  /** Returns true if the node serves other cluster IPs than it did for Services of namespaces that are not read. */
  #areOthersChanged({ facts, tracker }: Memory): boolean {
    if (this.#options.namespace === undefined) return false;
    return !isDeepStrictEqual(withUnreadClusterIps(facts, tracker.whole().state, this.#readServices()), facts);
  }

  #readServices(): ReadServices {
    const { store, namespace } = this.#options;
    return { namespace, services: store.objects('Service').values() };
  }

  /** Returns the claims of all Services. The ledger is kept unless something changed that all claims depend on. */
  async #claimed(facts: NodeFacts, changes: readonly ObjectChange[]): Promise<Claimed> {
    const memory = this.#memory;
    this.#memory = undefined;
    this.#wereEndpointsUnread ||= this.#areEndpointsUnread();
    const { store, onWorked } = this.#options;
    const proxy = this.#proxy;
    const { nodeAddresses } = store;
    const isAsBefore = memory !== undefined && memory.nodeAddresses === nodeAddresses;
    if (isAsBefore && isDeepStrictEqual(memory.facts, facts) && !changesEverything(changes, proxy)) {
      await withBreaths(this.#replaceClaims(memory, changes));
      return { claim: memory.claim, ledger: memory.ledger, holders: memory.holders, nodeAddresses };
    }
    const cluster = store.cluster();
    const holders = new ClusterIpHolders(cluster.services, store.neverUsable());
    // What changes from now on is among the changes of the next sync.
    this.#sourcesOf = momentOf(store).sourcesOf;
    const all = createClaimService(cluster, service => this.#sourcesOf(service), proxy, facts, holders);
    const claim = withoutRefused(all, () => this.#acceptance.refusals);
    const ledger = await withBreaths(ledgerInParts(cluster.services, claim));
    this.#sourcesOf = storeNow(store).sourcesOf;
    onWorked?.(cluster.services.length);
    return { claim, ledger, holders, nodeAddresses };
  }

  /** @returns the keys of all elements that may have changed */
  *#replaceClaims({ ledger, claim, holders }: Claimed, changes: readonly ObjectChange[]): InParts<ReadonlySet<string>> {
    const touched = new Set<string>();
    const { store } = this.#options;
    const asking = holders.update(changes, { services: store.objects('Service'), unusable: store.neverUsable() });
    const names = new Set([...servicesTouchedBy(changes), ...asking]);
    const { serviceNamed, sourcesOf } = momentOfServices(store, names);
    this.#sourcesOf = sourcesOf;
    for (const name of names) {
      const service = serviceNamed(name);
      for (const key of ledger.replace(name, service && claim(service))) touched.add(key);
      yield;
    }
    return touched;
  }

  /** Reconciles the whole node as it is known. The connections of all real servers are counted first. */
  async #syncKnown(memory: Memory): Promise<Reconciliation | undefined> {
    memory.tracker.countConnections(await readConnections(this.#options.node));
    return this.#syncWhole(memory, false);
  }

  /** @returns undefined if the node does not accept everything, and must be read and reconciled again */
  async #syncWhole(basis: Basis, wasRead: boolean): Promise<Reconciliation | undefined> {
    const actual = basis.tracker.whole();
    const reconciliation = await this.#reconcile(basis, actual, undefined);
    return this.#applied(basis, actual, reconciliation, wasRead);
  }

  /** Reconciles the elements with these keys, and the few that follow from all Services together. */
  async #syncPart(memory: Memory, keys: ReadonlySet<string>): Promise<Synced | undefined> {
    const part = await withBreaths(memory.tracker.partInParts(keys));
    const actual = await this.#countLeaving(memory, part);
    const reconciliation = await this.#reconcile(memory, actual, keys);
    // Recreating a container removes more than a part of the node shows.
    if (reconciliation.plan.some(isContainerRecreation)) return undefined;
    return this.#applied(memory, actual, reconciliation, false);
  }

  /** Counts connections only if a real server is about to be removed, and returns the part with them. */
  async #countLeaving({ ledger, tracker }: Memory, part: ActualState): Promise<ActualState> {
    let isLeaving = false;
    const looking = visitInParts(part.state, ({ kind }, key) => {
      if (kind === 'real-server' && !ledger.has(key)) isLeaving = true;
    });
    await withBreaths(looking);
    if (!isLeaving) return part;
    tracker.countConnections(await readConnections(this.#options.node));
    return { ...part, connections: tracker.whole().connections };
  }

  #reconcile(
    { ledger, facts }: Pick<Memory, 'ledger' | 'facts'>,
    actual: ActualState,
    keys: ReadonlySet<string> | undefined,
  ): Promise<Reconciliation> {
    const computing = reconcileInParts({
      ledger,
      actual,
      ...(keys === undefined ? {} : { keys }),
      coverage: this.#coverage(keys === undefined ? momentOf(this.#options.store) : undefined),
      options: this.#proxy,
      facts,
      refusals: this.#acceptance.refusals,
    });
    return withBreaths(computing);
  }

  /**
   * Applies a plan, and removes stale UDP flows. If the node does not accept everything, nothing is known of it
   * afterwards.
   * @returns the reconciliation with all changes that were made, or undefined if the node does not accept everything
   */
  async #applied(
    basis: Basis,
    actual: ActualState,
    reconciliation: Reconciliation,
    wasRead: boolean,
  ): Promise<Reconciliation | undefined> {
    const { desired, retained } = reconciliation;
    this.#remark(basis, desired);
    const made = await this.#made(basis, actual, reconciliation, wasRead);
    if (made === undefined) return undefined;
    const { plan, pending } = made;
    // The tracker is the actual state of a whole sync: what it loses below must be looked up before.
    const leaving = flowsOfChanges(actual.state, plan);
    await withBreaths(basis.tracker.appliedInParts(plan, actual));
    const changed = { plan, leaving, after: basis.tracker.whole().state };
    const flows = await this.#removeFlows(changed, reconciliation, wasRead);
    if (wasRead && flows.remarks.length > 0) this.#remark(basis, desired);
    this.#memory = { ...basis, retained: new Set(retained.keys()), draining: drainingIn(retained), pending };
    return { ...reconciliation, plan: flows.changes.length === 0 ? plan : [...plan, ...flows.changes] };
  }

  /**
   * Makes the changes of a plan, part by part. Stops between two parts if other changes wait, or if the watch is to
   * end.
   * @returns what was made, and the keys of what was not, or undefined if the node does not accept everything
   */
  async #made(
    basis: Basis,
    actual: ActualState,
    { parts }: Reconciliation,
    wasRead: boolean,
  ): Promise<MadeChanges | undefined> {
    const node = withBackend(this.#options.node, basis.iptables);
    for (const [index, part] of parts.entries()) {
      // The first part is that of the others. Each sync makes one more, or it would never come to an end.
      if (index > 1 && this.#options.isWaiting?.()) return withBreaths(madeOf(parts, index, actual));
      if (part.length === 0) continue;
      // A collection for every part of a large Service would take longer than the part itself.
      if (index === 0) this.#options.onWorked?.(part.length);
      if (!(await this.#acceptance.apply(node, part, actual.state, wasRead))) return undefined;
    }
    return withBreaths(madeOf(parts, parts.length, actual));
  }

  /** Looks for stale flows of all virtual servers after a reading, and else for those that the plan makes stale. */
  async #removeFlows(changed: ChangedNode, { isOwn }: Reconciliation, wasRead: boolean): Promise<RemovedFlows> {
    const { node } = this.#options;
    if (!wasRead) return removeLeavingFlows(node, changed, isOwn);
    const removed = await removeStaleFlows(node, changed, isOwn);
    this.#flowRemarks = removed.remarks;
    return removed;
  }

  #remark({ remarks }: Basis, { leftOut }: Desired): void {
    this.#options.onRemarks?.([...remarks, ...leftOut, ...this.#flowRemarks]);
  }

  /** A Node that loses its podCIDRs leaves the last ones. */
  #withNodeNetworks(): ProxyOptions {
    return requireNodeNetworks(this.#proxy, knownNodesOf(this.#options.store));
  }

  #coverage(lookup?: StoreLookup): Coverage {
    return coverageOfStore(this.#options.store, this.#options, this.#wereEndpointsUnread, lookup);
  }

  #areEndpointsUnread(): boolean {
    return this.#options.store.unread.has('Endpoints');
  }
}
