import type { ActualState } from '../node/actual-state.js';
import type { Element } from '../node/element.js';
import { addressesOf, familiesWithUnknownRules, type NodeFacts, unservedFamilies } from '../node/facts.js';
import { elementsAt, together } from '../node/state.js';
import { type IsOwn, ownership } from '../plan/ownership.js';
import { type Plan, planOf } from '../plan/plan.js';
import { withoutTemporarySets } from '../plan/temporary-entries.js';
import { completed, type Desired, type ServiceElements } from '../proxy/desired.js';
import type { Ledger } from '../proxy/ledger.js';
import type { ProxyOptions } from '../proxy/options.js';
import { refuseUnserved } from '../proxy/unserved.js';
import { type Coverage, refuseEmpty } from './coverage.js';
import { type RetainedElement, retainedElements } from './retained.js';

/** What a full and a partial sync start from. They differ in the view of the node. */
export interface ReconcileInput {
  /** What the Services claim. */
  readonly ledger: Ledger;
  /** The whole node, or the part of it with `keys` and everything that does not belong to single Services. */
  readonly actual: ActualState;
  /** The keys that a partial sync is about. Undefined means the whole node, as read. */
  readonly keys?: ReadonlySet<string>;
  readonly coverage: Coverage;
  readonly options: ProxyOptions;
  readonly facts: NodeFacts;
}

export interface Reconciliation {
  readonly desired: Desired;
  readonly plan: Plan;
  readonly isOwn: IsOwn;
  /** The elements that stay although no Service claims them, by key. */
  readonly retained: ReadonlyMap<string, RetainedElement>;
}

/**
 * Computes what the node should be and the way there, for the whole node or for a part of it.
 * @throws KproxyError `cluster-empty` if a cluster without Services would remove everything, or `family-unserved` if
 * the node can serve none of its Services
 */
export function reconcile({ ledger, actual, keys, coverage, options, facts }: ReconcileInput): Reconciliation {
  const isOwn = ownership(actual.state, {
    nodeAddresses: addressesOf(facts),
    excludeCidrs: options.excludeCidrs,
    isClaimed: virtualServer => ledger.has(virtualServer),
    isProgrammed: keys !== undefined,
    unknownRules: familiesWithUnknownRules(facts),
  });
  if (coverage.namespace === undefined) refuseUnserved(ledger, facts);
  refuseEmpty(coverage, actual.state, isOwn);
  const present = { ...actual, state: withoutTemporarySets(actual.state) };
  const retained = retainedElements(ledger, present, coverage, isOwn, unservedFamilies(facts));
  const desired = completed(serviceElements(ledger, keys, retained), ledger, options, facts);
  return { desired, plan: planOf(actual, desired, isOwn), isOwn, retained };
}

function serviceElements(
  ledger: Ledger,
  keys: ReadonlySet<string> | undefined,
  retained: ReadonlyMap<string, RetainedElement>,
): ServiceElements {
  const claimed = keys === undefined ? ledger : elementsAt(ledger, keys);
  if (retained.size === 0)
    return { elements: claimed, reasonsOf: key => ledger.reasonsOf(key), setSizes: ledger.setSizes };
  const kept = new Map(Array.from(retained, ([key, { element }]) => [key, element]));
  return {
    elements: together(claimed, kept),
    reasonsOf: key => retained.get(key)?.reasons ?? ledger.reasonsOf(key),
    setSizes: withEntries(ledger.setSizes, kept.values()),
  };
}

/** A set stays as long as it has a retained entry. */
function withEntries(sizes: ReadonlyMap<string, number>, retained: Iterable<Element>): ReadonlyMap<string, number> {
  const all = new Map(sizes);
  for (const element of retained) if (element.kind === 'entry') all.set(element.set, (all.get(element.set) ?? 0) + 1);
  return all;
}
