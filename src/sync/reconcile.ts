import { atOnce, type InParts } from '../breath.js';
import { type Family, families } from '../net/address.js';
import type { ActualState } from '../node/actual-state.js';
import type { Element } from '../node/element.js';
import { addressesOf, familiesWithUnknownRules, type NodeFacts, unservedFamilies } from '../node/facts.js';
import { noRefusals, type Refusals } from '../node/refusal.js';
import { elementsAt, together } from '../node/state.js';
import { withoutBlockedSets } from '../plan/blocked-sets.js';
import { elementsInUse, type InUse, withInUse } from '../plan/in-use.js';
import { othersFirst } from '../plan/others-first.js';
import { type IsOwn, ownership } from '../plan/ownership.js';
import { type Plan, planInParts } from '../plan/plan.js';
import { withoutTemporarySets } from '../plan/temporary-entries.js';
import { unsetLimitLines } from '../proxy/conntrack-limits.js';
import { completed, type Desired, type ServiceElements } from '../proxy/desired.js';
import type { Ledger } from '../proxy/ledger.js';
import type { ProxyOptions } from '../proxy/options.js';
import { refuseUnserved } from '../proxy/unserved.js';
import { type Coverage, refuseEmpty } from './coverage.js';
import { exceptIrremovable, nodeRefusalLines } from './refused.js';
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
  /** What the node is known to refuse. The ledger is without it already. */
  readonly refusals?: Refusals;
}

export interface Reconciliation {
  readonly desired: Desired;
  readonly plan: Plan;
  /** The plan in parts, between which others may have their turn. */
  readonly parts: readonly Plan[];
  readonly isOwn: IsOwn;
  /** The families that the node serves. */
  readonly served: readonly Family[];
  /** The elements that stay although no Service claims them, by key. */
  readonly retained: ReadonlyMap<string, RetainedElement>;
  /** The chains and sets that stay, empty, because other software uses them, by key. */
  readonly inUse: ReadonlyMap<string, InUse>;
}

/**
 * Computes what the node should be and the way there, for the whole node or for a part of it.
 * @throws KproxyError `cluster-empty` if a cluster without Services would remove everything, or `family-unserved` if
 * the node can serve none of its Services
 */
export const reconcile = (input: ReconcileInput): Reconciliation => atOnce(reconcileInParts(input));

/** Does the same and yields in between. */
export function* reconcileInParts(input: ReconcileInput): InParts<Reconciliation> {
  const { ledger, actual, keys, coverage, options, facts, refusals = noRefusals } = input;
  const nodeAddresses = addressesOf(facts);
  const unserved = unservedFamilies(facts);
  const owned = exceptIrremovable(
    ownership(actual.state, {
      nodeAddresses,
      excludeCidrs: options.excludeCidrs,
      foreign: facts.foreignServers,
      claimed: ledger,
      isProgrammed: keys !== undefined,
      unknownRules: familiesWithUnknownRules(facts),
    }),
    refusals,
  );
  const { isOwn } = owned;
  if (coverage.namespace === undefined) refuseUnserved(ledger, facts);
  refuseEmpty(coverage, actual.state, isOwn);
  const present = { ...actual, state: withoutTemporarySets(actual.state) };
  const retained = yield* retainedElements(ledger, present, coverage, isOwn, {
    nodeAddresses,
    unserved,
  });
  const claimed = completed(yield* serviceElements(ledger, keys, retained), ledger, options, facts, refusals);
  const needed = withLines(withoutBlockedSets(claimed, actual), {
    refused: nodeRefusalLines(refusals, facts),
    leftOut: unsetLimitLines(options, facts, actual.state),
  });
  const inUse = elementsInUse(actual, needed.state);
  const desired = withInUse(needed, inUse);
  const served = families.filter(family => !unserved.has(family));
  const parts = yield* othersFirst(yield* planInParts(actual, desired, owned), ledger);
  return { desired, plan: parts.flat(), parts, isOwn, served, retained, inUse };
}

const withLines = (desired: Desired, { refused, leftOut }: Pick<Desired, 'refused' | 'leftOut'>): Desired =>
  refused.length + leftOut.length === 0
    ? desired
    : {
        ...desired,
        problems: [...desired.problems, ...refused],
        refused: [...desired.refused, ...refused],
        leftOut: [...desired.leftOut, ...leftOut],
      };

function* serviceElements(
  ledger: Ledger,
  keys: ReadonlySet<string> | undefined,
  retained: ReadonlyMap<string, RetainedElement>,
): InParts<ServiceElements> {
  const claimed = keys === undefined ? ledger : yield* elementsAt(ledger, keys);
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
