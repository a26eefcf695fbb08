import { type Change, isRemoval, subjectOf } from '../node/change.js';
import { type Element, serviceKinds, setOf } from '../node/element.js';
import { isRecreation } from '../node/kinds/ipset.js';
import { replacedSet } from '../node/names.js';
import type { Reasons } from '../node/reason.js';
import { reasonsOf } from '../node/reasons-of.js';

/** Changes under one heading of the readable script. */
export interface Block {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** The tutorial's order: sets, rules, the node's own settings, then Service by Service. */
const sections: readonly { readonly title: string; readonly kinds: readonly Element['kind'][] }[] = [
  {
    title: 'Sets: rules look Services up here, so the number of rules does not grow with the Services',
    kinds: ['set'],
  },
  { title: 'Rules: what happens to the packets of Services', kinds: ['chain', 'jumps'] },
  { title: 'The node itself', kinds: ['module', 'sysctl', 'ipvs-timeouts', 'link'] },
];

/** Returns a plan in the order of the readable script, under its headings. */
export function blocksOf(
  plan: readonly Change[],
  reasons: Reasons,
  removalTitle = 'Leftovers that no Service needs',
): readonly Block[] {
  const { recreations, additions, removals } = partsOf(plan);
  const all = [
    { title: 'Sets that must be recreated, and temporary sets that replace them meanwhile', changes: recreations },
    ...sections.map(({ title, kinds }) => ({ title, changes: tableByTable(ofKinds(additions, kinds)) })),
    ...byServicePort(ofKinds(additions, serviceKinds), reasons).map(([servicePort, changes]) => ({
      title: servicePort === undefined ? 'Connections that are draining' : `Service port ${servicePort}`,
      changes,
    })),
    { title: removalTitle, changes: removals },
  ];
  return all.filter(({ changes }) => changes.length > 0);
}

/**
 * Separates the recreation of sets that rules name, with everything that it takes. It comes before all else: rules may
 * only name such a set again once it is full, which the order of kinds would not ensure.
 */
function partsOf(plan: readonly Change[]) {
  const isFirst = recreationOfReferencedSets(plan);
  const others = plan.filter(change => !isFirst(change));
  return {
    recreations: plan.filter(isFirst),
    additions: others.filter(change => !isRemoval(change)),
    removals: others.filter(isRemoval),
  };
}

function recreationOfReferencedSets(plan: readonly Change[]): (change: Change) => boolean {
  const first = plan.findIndex(isOwnRecreation);
  const redirections = plan.slice(0, Math.max(first, 0)).filter(change => subjectOf(change).kind === 'chain');
  if (redirections.length === 0) return () => false;
  const recreated = new Set(plan.filter(isOwnRecreation).map(change => setOf(subjectOf(change))));
  return change => {
    const set = setOf(subjectOf(change)) ?? '';
    if (change.verb === 'remove') return change.before.kind === 'entry' && replacedSet(set) !== undefined;
    return redirections.includes(change) || recreated.has(set) || replacedSet(set) !== undefined;
  };
}

/** A temporary set that an interrupted run left may have to be recreated too, which does not count here. */
const isOwnRecreation = (change: Change): boolean =>
  isRecreation(change) && replacedSet(change.after.name) === undefined;

const ofKinds = (changes: readonly Change[], kinds: readonly Element['kind'][]): readonly Change[] =>
  changes.filter(change => kinds.includes(subjectOf(change).kind));

/** Groups chains with the jumps to them, as the tutorial does: first those of nat, then those of filter. */
const tableByTable = (changes: readonly Change[]): readonly Change[] =>
  changes
    .map(change => ({ change, table: tableOf(subjectOf(change)) }))
    .sort((one, other) => (one.table < other.table ? -1 : one.table > other.table ? 1 : 0))
    .map(({ change }) => change);

const tableOf = (element: Element): string =>
  element.kind === 'chain' || element.kind === 'jumps'
    ? `${element.family} ${element.table === 'nat' ? 'before' : 'then'}`
    : '';

function byServicePort(
  changes: readonly Change[],
  reasons: Reasons,
): readonly (readonly [string | undefined, readonly Change[]])[] {
  const groups = new Map<string | undefined, Change[]>();
  for (const change of changes) {
    const [reason] = reasonsOf(change, reasons);
    const group = groups.get(reason?.servicePort) ?? [];
    group.push(change);
    groups.set(reason?.servicePort, group);
  }
  return [...groups];
}
