import { isDeepStrictEqual } from 'node:util';
import type { NodeAccess } from '../node/access.js';
import { applyPlan } from '../node/apply.js';
import type { Change } from '../node/change.js';
import type { NodeFacts } from '../node/facts.js';
import { findStillRefused } from '../node/find-refused.js';
import { readBroadcasts } from '../node/read-broadcasts.js';
import { noRefusals, type Refusal, type Refusals } from '../node/refusal.js';
import type { ElementLookup } from '../node/state.js';
import { missingOf, missingSchedulers, schedulersIn } from '../node/try-schedulers.js';
import type { Plan } from '../plan/plan.js';
import type { Ledger } from '../proxy/ledger.js';
import type { Scheduler } from '../proxy/options.js';
import { isOfNode, withRefused } from './refused.js';
import { requireScheduler } from './require-scheduler.js';
import { RetrySchedule } from './retry-schedule.js';

/**
 * Remembers what a node turned out not to accept, so that it is left out: elements that the kernel or a tool refuses,
 * and schedulers that the kernel does not have. One Service must not stop the changes of all others.
 */
export class Acceptance {
  /** The scheduler of all Services that choose none. */
  readonly #scheduler: Scheduler;
  #refusals = noRefusals;
  #missingSchedulers: ReadonlySet<string> = new Set();
  readonly #knownSchedulers = new Set<string>();
  /** The node's broadcast addresses, if it refused a real server with one. No Service asks for such a one again. */
  #broadcasts: readonly string[] = [];
  readonly #schedule = new RetrySchedule();
  /** The facts of the last reading. */
  #facts: NodeFacts | undefined;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get refusals(): Refusals {
    return this.#refusals;
  }

  /**
   * Returns a node's facts with what it turned out not to accept. If the node has changed, everything that it refused
   * is tried again at the next full sync.
   */
  factsWith(facts: NodeFacts): NodeFacts {
    // The virtual servers of other software are found out later than the rest.
    const { foreignServers: _, ...read } = facts;
    if (this.#facts !== undefined && !isDeepStrictEqual(this.#facts, read)) this.#schedule.restart();
    this.#facts = read;
    return {
      ...facts,
      ...(this.#missingSchedulers.size > 0 && { missingSchedulers: [...this.#missingSchedulers] }),
      ...(this.#broadcasts.length > 0 && { broadcasts: this.#broadcasts }),
    };
  }

  /**
   * Applies a plan.
   * @param actual the node that the plan was made for
   * @param wasRead false if the node is only remembered: a refusal may then come from what somebody else has changed
   * @returns false if the node does not accept everything. The node must then be read and reconciled again. What it
   * refuses is remembered.
   * @throws KproxyError (`scheduler-missing`) before the first change, or if a batch fails for another reason
   */
  async apply(node: NodeAccess, plan: Plan, actual: ElementLookup, wasRead = true): Promise<boolean> {
    if (await this.#needsMissingScheduler(node, plan, actual)) return false;
    const { refused } = await applyPlan(node, plan);
    if (refused.length === 0) return true;
    const others = await this.#withoutBroadcasts(node, refused);
    if (wasRead) this.#refusals = withRefused(this.#refusals, others);
    return false;
  }

  /**
   * Returns the refusals that the node's broadcast addresses do not explain. One reading explains all others with such
   * an address, also of Services that do not exist yet, so that no Service can make the node refuse it again and again.
   */
  async #withoutBroadcasts(node: NodeAccess, refused: readonly Refusal[]): Promise<readonly Refusal[]> {
    if (!refused.some(({ change }) => addedEndpoint(change) !== undefined)) return refused;
    const known = new Set(this.#broadcasts);
    this.#broadcasts = await readBroadcasts(node);
    const found = new Set(this.#broadcasts.filter(address => !known.has(address)));
    return refused.filter(({ change }) => !found.has(addedEndpoint(change) ?? ''));
  }

  async #needsMissingScheduler(node: NodeAccess, plan: Plan, actual: ElementLookup): Promise<boolean> {
    const needed = [...schedulersIn(plan)].filter(name => !this.#knownSchedulers.has(name));
    const missing = await missingSchedulers(node, needed, actual);
    requireScheduler(this.#scheduler, missing);
    for (const name of needed) if (!missing.has(name)) this.#knownSchedulers.add(name);
    if (missing.size === 0) return false;
    this.#missingSchedulers = new Set([...this.#missingSchedulers, ...missing]);
    return true;
  }

  /**
   * Tries what was refused once more, without what depends on it: a virtual server gets no packets before its address
   * is bound, and an address that was refused has everything behind it already. What is refused once more waits longer
   * each time.
   * @param ledger what the Services claim now, or undefined if that is not known
   * @returns true if the node accepts more than before, or if something refused is no longer claimed
   */
  async tryAgain(node: NodeAccess, ledger: Ledger | undefined): Promise<boolean> {
    const wanted = ledger === undefined ? [] : this.#wantedRefusals(ledger);
    const refused = await this.#stillRefused(node, wanted);
    const missing = await missingOf(node, this.#missingSchedulers);
    const broadcasts = this.#broadcasts.length === 0 ? this.#broadcasts : await readBroadcasts(node);
    const isAsBefore =
      refused.length === this.#refusals.size &&
      missing.size === this.#missingSchedulers.size &&
      isDeepStrictEqual(broadcasts, this.#broadcasts);
    this.#refusals = new Map(refused.map(refusal => [refusal.key, refusal]));
    this.#missingSchedulers = missing;
    this.#broadcasts = broadcasts;
    return !isAsBefore;
  }

  /** Returns what is left out of the next sync. What was not tried yet is tried there, with everything else. */
  async #stillRefused(node: NodeAccess, wanted: readonly Refusal[]): Promise<readonly Refusal[]> {
    const known = wanted.filter(({ isUntried }) => isUntried !== true);
    const due = this.#schedule.due(known);
    const isDue = new Set(due);
    const isRefused = new Set(due.length === 0 ? [] : await findStillRefused(node, due));
    const refused = known.filter(refusal => !isDue.has(refusal) || isRefused.has(refusal));
    this.#schedule.tried(due, refused);
    return refused;
  }

  #wantedRefusals(ledger: Ledger): readonly Refusal[] {
    const ofNode = [...this.#refusals.values()].filter(refusal => isOfNode(refusal) && !ledger.has(refusal.key));
    return [...ledger.refusals(), ...ofNode];
  }
}

/** Returns the address of a real server that is added. */
const addedEndpoint = (change: Change): string | undefined =>
  change.verb === 'add' && change.after.kind === 'real-server' ? change.after.address : undefined;
