import type { NodeAccess } from '../node/access.js';
import { applyPlan } from '../node/apply.js';
import type { NodeFacts } from '../node/facts.js';
import { findStillRefused } from '../node/find-refused.js';
import { noRefusals, type Refusal, type Refusals } from '../node/refusal.js';
import type { ElementLookup } from '../node/state.js';
import { missingOf, missingSchedulers, schedulersIn } from '../node/try-schedulers.js';
import type { Plan } from '../plan/plan.js';
import type { Ledger } from '../proxy/ledger.js';
import type { Scheduler } from '../proxy/options.js';
import { isOfNode, withRefused } from './refused.js';
import { requireScheduler } from './require-scheduler.js';

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

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get refusals(): Refusals {
    return this.#refusals;
  }

  /** Returns a node's facts with the schedulers that it does not have. */
  factsWith(facts: NodeFacts): NodeFacts {
    return this.#missingSchedulers.size === 0 ? facts : { ...facts, missingSchedulers: [...this.#missingSchedulers] };
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
    if (wasRead) this.#refusals = withRefused(this.#refusals, refused);
    return refused.length === 0;
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
   * is bound, and an address that was refused has everything behind it already.
   * @param ledger what the Services claim now, or undefined if that is not known
   * @returns true if the node accepts more than before, or if something refused is no longer claimed
   */
  async tryAgain(node: NodeAccess, ledger: Ledger | undefined): Promise<boolean> {
    const wanted = ledger === undefined ? [] : this.#wantedRefusals(ledger);
    const refused = wanted.length === 0 ? [] : await findStillRefused(node, wanted);
    const missing = await missingOf(node, this.#missingSchedulers);
    const isAsBefore = refused.length === this.#refusals.size && missing.size === this.#missingSchedulers.size;
    this.#refusals = new Map(refused.map(refusal => [refusal.key, refusal]));
    this.#missingSchedulers = missing;
    return !isAsBefore;
  }

  #wantedRefusals(ledger: Ledger): readonly Refusal[] {
    const ofNode = [...this.#refusals.values()].filter(refusal => isOfNode(refusal) && !ledger.has(refusal.key));
    return [...ledger.refusals(), ...ofNode];
  }
}
