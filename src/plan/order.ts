import type { Change } from '../node/change.js';
import { subjectOf } from '../node/change.js';
import type { Element } from '../node/element.js';
import { kindOf, kinds } from '../node/kinds/index.js';
import { chainNames, kernelSetName } from '../node/names.js';
import { stages } from '../node/stage.js';

const kindOrder = Object.keys(kinds);
/** A VIP in one of these is closed for all that is not in another set yet: they are filled last and emptied first. */
const closingSets: ReadonlySet<string> = new Set(
  (['KUBE-LOAD-BALANCER-FW', 'KUBE-IPVS-IPS'] as const).flatMap(name => [
    kernelSetName(name, 'IPv4'),
    kernelSetName(name, 'IPv6'),
  ]),
);

/** Whether what is in the set is closed to some, or to all. */
export const isClosing = (set: string): boolean => closingSets.has(set);

const chainOrder = (['nat', 'filter'] as const).flatMap(table => chainNames[table].map(name => `${table} ${name}`));

function rank(element: Element): number {
  const stage = stages.indexOf(kindOf(element).stage(element));
  return stage * 10_000 + kindOrder.indexOf(element.kind) * 100 + rankInKind(element);
}

function rankInKind(element: Element): number {
  if (element.kind === 'entry') return isClosing(element.set) ? 1 : 0;
  return element.kind === 'chain' ? chainOrder.indexOf(`${element.table} ${element.name}`) : 0;
}

/**
 * The order that leaves no Service without a part it needs: first all that comes or changes, stage by stage, then all that goes, the other way round.
 * Changes of one rank keep the order in which they were found.
 */
export function ordered(changes: readonly Change[]): readonly Change[] {
  const ranked = changes.map(change => ({ change, rank: rank(subjectOf(change)) }));
  const coming = ranked.filter(({ change }) => change.verb !== 'remove').sort((one, other) => one.rank - other.rank);
  const going = ranked.filter(({ change }) => change.verb === 'remove').sort((one, other) => other.rank - one.rank);
  return [...coming, ...going].map(({ change }) => change);
}
