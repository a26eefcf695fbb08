import { atOnce, eachInParts, type InParts } from '../breath.js';
import { type Change, isRemoval, subjectOf } from '../node/change.js';
import type { Element, VirtualServerAddress } from '../node/element.js';
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

/** Returns true if the element makes the kernel keep the packets of VIPs. */
const isBinding = ({ kind }: Element): boolean => kind === 'address' || kind === 'link';

const lastRank = stages.length * 10_000;

/**
 * Returns the place of a removal, which is the opposite of an addition's, with one exception: VIPs are removed before
 * their virtual servers. If a removal fails or is interrupted, packets to a VIP are then never stuck on this node.
 * Virtual servers of which only the VIP shows whose they are come before it.
 */
function removalRank(element: Element, isInSets: IsInSets): number {
  if (element.kind === 'virtual-server' && !isInSets(element)) return -2 * lastRank;
  return isBinding(element) ? -lastRank : -rank(element);
}

type IsInSets = (server: VirtualServerAddress) => boolean;

/**
 * Sorts changes so that no Service is ever without a part that it needs: first all additions and changes, stage by
 * stage, then all removals. Changes of one rank keep their order.
 * @param isInSets returns true if a virtual server is known as kproxy's even without its VIP
 */
export const ordered = (changes: readonly Change[], isInSets: IsInSets = () => true): readonly Change[] =>
  atOnce(orderedInParts(changes, isInSets));

/** Does the same and yields in between. */
export function* orderedInParts(changes: readonly Change[], isInSets: IsInSets): InParts<readonly Change[]> {
  const additions: Ranks = new Map();
  const removals: Ranks = new Map();
  yield* eachInParts(changes, change => {
    if (isRemoval(change)) addToRank(removals, removalRank(subjectOf(change), isInSets), change);
    else addToRank(additions, rank(subjectOf(change)), change);
  });
  return [...inOrder(additions), ...inOrder(removals)].flat();
}

type Ranks = Map<number, Change[]>;

function addToRank(ranks: Ranks, place: number, change: Change): void {
  const known = ranks.get(place);
  if (known === undefined) ranks.set(place, [change]);
  else known.push(change);
}

const inOrder = (ranks: Ranks): (readonly Change[])[] =>
  [...ranks].sort(([one], [other]) => one - other).map(([, changes]) => changes);
