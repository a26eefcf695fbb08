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

const placesOf = <Name extends string>(names: readonly Name[]): ReadonlyMap<Name, number> =>
  new Map(names.map((name, place) => [name, place]));
const stagePlaces = placesOf(stages);
const kindPlaces = placesOf(kindOrder);

function rank(element: Element): number {
  const stage = stagePlaces.get(kindOf(element).stage(element)) ?? 0;
  return stage * 10_000 + (kindPlaces.get(element.kind) ?? 0) * 100 + rankInKind(element);
}

function rankInKind(element: Element): number {
  if (element.kind === 'entry') return isClosing(element.set) ? 1 : 0;
  return element.kind === 'chain' ? chainOrder.indexOf(`${element.table} ${element.name}`) : 0;
}

/**
 * The order that leaves no Service without a part it needs: first all that comes or changes, stage by stage, then all that goes, the other way round.
 * Changes of one rank keep the order in which they were found.
 */
export function ordered(...parts: readonly (readonly Change[])[]): readonly Change[] {
  const coming: Ranks = new Map();
  const going: Ranks = new Map();
  for (const changes of parts)
    for (const change of changes) putInRank(change.verb === 'remove' ? going : coming, change);
  return [...inOrder(coming), ...inOrder(going).reverse()].flat();
}

type Ranks = Map<number, Change[]>;

function putInRank(ranks: Ranks, change: Change): void {
  const place = rank(subjectOf(change));
  const known = ranks.get(place);
  if (known === undefined) ranks.set(place, [change]);
  else known.push(change);
}

const inOrder = (ranks: Ranks): (readonly Change[])[] =>
  [...ranks].sort(([one], [other]) => one - other).map(([, changes]) => changes);
