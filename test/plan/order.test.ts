import { describe, expect, test } from 'vitest';
import { batches } from '../../src/node/batches.js';
import { type Change, subjectOf } from '../../src/node/change.js';
import type { Chain, Element } from '../../src/node/element.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { stoodInFor } from '../../src/node/names.js';
import { readNode } from '../../src/node/read.js';
import type { NodeState } from '../../src/node/state.js';
import { fakeNode, kernelOf } from '../support/fake-node/index.js';
import { lookups, neededLookups, withOwnSets } from '../support/lookups.js';
import { property } from '../support/situation.js';
import { reconciliationOn } from '../support/synced-node.js';

/** Each needs those before it. The sets that close a VIP to everything else are filled last of all sets. */
const places = [
  'flow',
  'module',
  'sysctl',
  'link',
  'set',
  'entry',
  'closing entry',
  'chain',
  'jumps',
  'address',
  'virtual-server',
  'real-server',
];

const closing = /^KUBE-(6-)?(IPVS-IPS|LOAD-BALANCER-FW)$/;
const placeOf = (element: Element): number =>
  places.indexOf(element.kind === 'entry' && closing.test(element.set) ? 'closing entry' : element.kind);

const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? 0) <= number);
const isOrdered = (changes: readonly Change[]): boolean =>
  isAscending(changes.map(change => placeOf(subjectOf(change))));

const isRemaking = (change: Change): boolean =>
  change.verb === 'change' && change.after.kind === 'set' && stoodInFor(change.after.name) === undefined;

/** How many changes put stand-ins in the place of sets that rules name and that must be made anew: they go before everything. */
const standingIn = (plan: readonly Change[]): number =>
  1 +
  plan
    .slice(0, Math.max(plan.findIndex(isRemaking), 0))
    .findLastIndex(change => change.verb === 'change' && change.after.kind === 'chain');

const comes = ({ verb }: Change): boolean => verb !== 'remove';

describe('for any cluster and any state of the node', () => {
  test('all that comes does so before all that goes, and that the other way round', () =>
    property(async (cluster, options, actual) => {
      const { plan } = await reconciliationOn(fakeNode(kernelOf(actual)), cluster, options);
      const rest = plan.slice(standingIn(plan));
      expect(rest).toEqual([...rest.filter(comes), ...rest.filter(change => !comes(change))]);
      expect(isOrdered(rest.filter(comes))).toBe(true);
      expect(isOrdered(rest.filter(change => !comes(change)).reverse())).toBe(true);
    }));

  test('where a set that rules name is made anew, all that is found in sets is there before what closes a VIP, and then the rules find it', () =>
    property(async (cluster, options, actual) => {
      const { plan } = await reconciliationOn(fakeNode(kernelOf(actual)), cluster, options);
      const first = plan.slice(0, standingIn(plan));
      const isStandIn = (element: Element) => element.kind === 'entry' && stoodInFor(element.set) !== undefined;
      expect(isOrdered(first.filter(comes))).toBe(true);
      expect(first.every(change => comes(change) || isStandIn(subjectOf(change)))).toBe(true);
      const kinds = new Set(first.map(change => places[placeOf(subjectOf(change))]));
      expect(['set', 'entry', 'chain']).toEqual(expect.arrayContaining([...kinds]));
    }));

  test('what is right and still wanted is there after every single command', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const before = (await readNode(node)).state;
      const { plan, desired } = await reconciliationOn(node, cluster, options);
      const remade = new Set(plan.filter(isRemaking).map(change => nameOfSet(subjectOf(change))));
      const right = [...desired.state].filter(
        ([key, element]) => !remade.has(nameOfSet(element)) && isThere(before, key, element),
      );
      const rules = [...desired.state.values()].flatMap(element => (element.kind === 'chain' ? [element] : []));
      for (const { step } of batches(plan)) {
        await node.run(step.command);
        const { state } = await readNode(node);
        expect(right.flatMap(([key, element]) => (isThere(state, key, element) ? [] : [key]))).toEqual([]);
        expect(rules.flatMap(chain => missingRules(before, state, chain))).toEqual([]);
      }
    }));

  test('what the rules find in a set and is still wanted they find after every single command', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired } = await reconciliationOn(node, cluster, options);
      const found = lookups((await readNode(node)).state);
      const wanted = neededLookups(desired.state).filter(found);
      for (const { step } of batches(plan)) {
        await node.run(step.command);
        const finds = lookups((await readNode(node)).state);
        expect(wanted.filter(lookup => !finds(lookup))).toEqual([]);
      }
    }));
});

/** The set that an element is, or is in. */
const nameOfSet = (element: Element): string =>
  element.kind === 'entry' ? element.set : element.kind === 'set' ? element.name : '';

function isThere(state: NodeState, key: string, element: Element): boolean {
  const present = state.get(key);
  return present !== undefined && kindOf(element).same(withOwnSets(present), element);
}

/** The rules of a chain that were there before, are wanted, and are not there now. */
function missingRules(before: NodeState, now: NodeState, wanted: Chain): readonly string[] {
  const key = `chain ${wanted.family} ${wanted.table} ${wanted.name}`;
  const [earlier, later] = [before, now].map(state => {
    const present = state.get(key);
    const chain = present === undefined ? undefined : withOwnSets(present);
    return new Set(chain?.kind === 'chain' ? chain.rules.map(({ argv }) => argv.join(' ')) : []);
  });
  const rules = wanted.rules.map(({ argv }) => argv.join(' '));
  return rules.filter(rule => earlier?.has(rule) && !later?.has(rule)).map(rule => `${key}: ${rule}`);
}
