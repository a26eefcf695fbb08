import { describe, expect, test } from 'vitest';
import { batches } from '../../src/node/batches.js';
import { type Change, subjectOf } from '../../src/node/change.js';
import type { Chain, Element } from '../../src/node/element.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { replacedSet } from '../../src/node/names.js';
import type { NodeState } from '../../src/node/state.js';
import { fakeNode, kernelOf } from '../support/fake-node/index.js';
import { lookups, neededLookups, withOwnSets } from '../support/lookups.js';
import { property } from '../support/situation.js';
import { readState, reconciliationOn } from '../support/synced-node.js';

/** Each needs those before it. The sets that close a VIP to everything else are filled last. */
const places = [
  'flow',
  'module',
  'sysctl',
  'link',
  'set',
  'entry',
  'closing entry',
  'IPv4 chain',
  'IPv4 jumps',
  'IPv6 chain',
  'IPv6 jumps',
  'address',
  'ipvs-timeouts',
  'virtual-server',
  'real-server',
];

const closing = /^KUBE-(6-)?(IPVS-IPS|LOAD-BALANCER-FW)$/;
const placeOf = (element: Element): number => places.indexOf(placeName(element));

function placeName(element: Element): string {
  if (element.kind === 'entry' && closing.test(element.set)) return 'closing entry';
  return element.kind === 'chain' || element.kind === 'jumps' ? `${element.family} ${element.kind}` : element.kind;
}

/** VIPs are removed before their virtual servers, and before them those virtual servers that only a VIP shows. */
const removalPlaces = ['address', 'link', 'real-server', 'virtual-server', ...[...places].reverse()];
const removalPlaceOf = (element: Element): number => removalPlaces.indexOf(placeName(element));

/** Returns removals without the virtual servers before all others. */
const afterFirstServers = (removals: readonly Change[]): readonly Change[] =>
  removals.slice(removals.findIndex(change => subjectOf(change).kind !== 'virtual-server'));

const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? 0) <= number);
const isOrdered = (changes: readonly Change[]): boolean =>
  isAscending(changes.map(change => placeOf(subjectOf(change))));

const isOwnRecreation = (change: Change): boolean =>
  change.verb === 'change' && change.after.kind === 'set' && replacedSet(change.after.name) === undefined;

/**
 * Returns how many changes replace sets that rules name by temporary ones before those sets are recreated. They come
 * first.
 */
const redirectionLength = (plan: readonly Change[]): number =>
  1 +
  plan
    .slice(0, Math.max(plan.findIndex(isOwnRecreation), 0))
    .findLastIndex(change => change.verb === 'change' && change.after.kind === 'chain');

const isAddition = ({ verb }: Change): boolean => verb !== 'remove';

describe('for any cluster and any state of the node', () => {
  test('all additions and changes are made before all removals, which begin with VIPs', () =>
    property(async (cluster, options, actual) => {
      const { plan } = await reconciliationOn(fakeNode(kernelOf(actual)), cluster, options);
      const rest = plan.slice(redirectionLength(plan));
      expect(rest).toEqual([...rest.filter(isAddition), ...rest.filter(change => !isAddition(change))]);
      expect(isOrdered(rest.filter(isAddition))).toBe(true);
      const removals = afterFirstServers(rest.filter(change => !isAddition(change)));
      expect(isAscending(removals.map(change => removalPlaceOf(subjectOf(change))))).toBe(true);
    }));

  test('if sets that rules name are recreated, the plan first fills temporary sets, which the rules then name', () =>
    property(async (cluster, options, actual) => {
      const { plan } = await reconciliationOn(fakeNode(kernelOf(actual)), cluster, options);
      const first = plan.slice(0, redirectionLength(plan));
      const isTemporary = (element: Element) => element.kind === 'entry' && replacedSet(element.set) !== undefined;
      expect(isOrdered(first.filter(isAddition))).toBe(true);
      expect(first.every(change => isAddition(change) || isTemporary(subjectOf(change)))).toBe(true);
      const kinds = new Set(first.map(change => places[placeOf(subjectOf(change))]));
      expect(['set', 'entry', 'IPv4 chain', 'IPv6 chain']).toEqual(expect.arrayContaining([...kinds]));
    }));

  test('what is right and still desired is present after every single command', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const before = await readState(node);
      const { plan, desired } = await reconciliationOn(node, cluster, options);
      const recreated = new Set(plan.filter(isOwnRecreation).map(change => nameOfSet(subjectOf(change))));
      const right = [...desired.state].filter(
        ([key, element]) => !recreated.has(nameOfSet(element)) && isPresent(before, key, element),
      );
      const rules = [...desired.state.values()].flatMap(element => (element.kind === 'chain' ? [element] : []));
      for (const { step } of batches(plan)) {
        await node.run(step.command);
        const state = await readState(node);
        expect(right.flatMap(([key, element]) => (isPresent(state, key, element) ? [] : [key]))).toEqual([]);
        expect(rules.flatMap(chain => missingRules(before, state, chain))).toEqual([]);
      }
    }));

  test('what the rules find in a set and is still desired they find after every single command', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired } = await reconciliationOn(node, cluster, options);
      const found = lookups(await readState(node));
      const needed = neededLookups(desired.state).filter(found);
      for (const { step } of batches(plan)) {
        await node.run(step.command);
        const finds = lookups(await readState(node));
        expect(needed.filter(lookup => !finds(lookup))).toEqual([]);
      }
    }));
});

/** Returns the name of the set that an element is or belongs to. */
const nameOfSet = (element: Element): string =>
  element.kind === 'entry' ? element.set : element.kind === 'set' ? element.name : '';

function isPresent(state: NodeState, key: string, element: Element): boolean {
  const present = state.get(key);
  return present !== undefined && kindOf(element).same(withOwnSets(present), element);
}

/** Returns the rules of a chain that were present before, are desired, and are missing now. */
function missingRules(before: NodeState, now: NodeState, desired: Chain): readonly string[] {
  const key = `chain ${desired.family} ${desired.table} ${desired.name}`;
  const [earlier, later] = [before, now].map(state => {
    const present = state.get(key);
    const chain = present === undefined ? undefined : withOwnSets(present);
    return new Set(chain?.kind === 'chain' ? chain.rules.map(rule => rule.join(' ')) : []);
  });
  const rules = desired.rules.map(rule => rule.join(' '));
  return rules.filter(rule => earlier?.has(rule) && !later?.has(rule)).map(rule => `${key}: ${rule}`);
}
