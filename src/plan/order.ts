import { type Change, subjectOf } from '../node/change.js';
import type { Element } from '../node/element.js';
import { kindOf, kinds } from '../node/kinds/index.js';
import { chainNames, kernelSetNames } from '../node/names.js';
import { stages } from '../node/stage.js';

/**
 * Sets whose entries close something: a VIP in one of them is closed to everything that is not in another set yet. They
 * are filled last and emptied first.
 */
const closingSets: ReadonlySet<string> = new Set(kernelSetNames('KUBE-LOAD-BALANCER-FW', 'KUBE-IPVS-IPS'));

export const isClosing = (set: string): boolean => closingSets.has(set);

const chainOrder = (['nat', 'filter'] as const).flatMap(table => chainNames[table].map(name => `${table} ${name}`));

const placesOf = <Name extends string>(names: readonly Name[]): ReadonlyMap<Name, number> =>
  new Map(names.map((name, place) => [name, place]));
const stagePlaces = placesOf(stages);
const kindPlaces = placesOf(Object.keys(kinds));

function rank(element: Element): number {
  const stage = stagePlaces.get(kindOf(element).stage(element)) ?? 0;
  return stage * 10_000 + (kindPlaces.get(element.kind) ?? 0) * 100 + rankInKind(element);
}

function rankInKind(element: Element): number {
  if (element.kind === 'entry') return isClosing(element.set) ? 1 : 0;
  return element.kind === 'chain' ? chainOrder.indexOf(`${element.table} ${element.name}`) : 0;
}

/**
 * Sorts changes so that no Service is ever without a part that it needs: first all additions and changes, stage by
 * stage, then all removals in the opposite order. Changes of one rank keep their order.
 */
export function ordered(...parts: readonly (readonly Change[])[]): readonly Change[] {
  const additions: Ranks = new Map();
  const removals: Ranks = new Map();
  for (const changes of parts)
    for (const change of changes) addToRank(change.verb === 'remove' ? removals : additions, change);
  return [...inOrder(additions), ...inOrder(removals).reverse()].flat();
}

type Ranks = Map<number, Change[]>;

function addToRank(ranks: Ranks, change: Change): void {
  const place = rank(subjectOf(change));
  const known = ranks.get(place);
  if (known === undefined) ranks.set(place, [change]);
  else known.push(change);
}

const inOrder = (ranks: Ranks): (readonly Change[])[] =>
  [...ranks].sort(([one], [other]) => one - other).map(([, changes]) => changes);
