import { describe, expect, test } from 'vitest';
import { batches } from '../../src/node/batches.js';
import { type Change, subjectOf } from '../../src/node/change.js';
import type { Element } from '../../src/node/element.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { readNode } from '../../src/node/read.js';
import type { NodeState } from '../../src/node/state.js';
import { fakeNode, kernelOf } from '../support/fake-node/index.js';
import { property } from '../support/situation.js';
import { comparisonOn } from '../support/synced-node.js';

/** Each needs those before it. The set that closes a VIP to everything else is filled last of all sets. */
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

const placeOf = (element: Element): number =>
  places.indexOf(element.kind === 'entry' && /^KUBE-(6-)?IPVS-IPS$/.test(element.set) ? 'closing entry' : element.kind);

const isAscending = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? 0) <= number);

/** Rules that are taken out so that a set can be made anew go before everything. */
const detaching = (plan: readonly Change[]): number => {
  const set = plan.findIndex(change => change.verb === 'change' && change.after.kind === 'set');
  const isChain = (change: Change) => change.verb === 'change' && change.after.kind === 'chain';
  return set < 0 ? 0 : plan.findIndex(change => !isChain(change));
};

describe('for any cluster and any state of the node', () => {
  test('all that comes does so before all that goes, and that the other way round', () =>
    property(async (cluster, options, actual) => {
      const { plan } = await comparisonOn(fakeNode(kernelOf(actual)), cluster, options);
      const rest = plan.slice(detaching(plan));
      const coming = rest.filter(({ verb }) => verb !== 'remove');
      const going = rest.filter(({ verb }) => verb === 'remove');
      expect(rest).toEqual([...coming, ...going]);
      expect(isAscending(coming.map(change => placeOf(subjectOf(change))))).toBe(true);
      expect(isAscending(going.map(change => placeOf(subjectOf(change))).reverse())).toBe(true);
    }));

  test('what is right and still wanted is there after every single command', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const before = (await readNode(node)).state;
      const { plan, desired } = await comparisonOn(node, cluster, options);
      const isDetached = detaching(plan) > 0;
      const right = [...desired.state].filter(([key, element]) => {
        const present = before.get(key);
        if (present === undefined || (isDetached && element.kind === 'chain')) return false;
        return kindOf(element).same(present, element);
      });
      for (const { step } of batches(plan)) {
        await node.run(step.command);
        const { state } = await readNode(node);
        expect(missingFrom(state, right)).toEqual([]);
      }
    }));
});

const missingFrom = (state: NodeState, right: readonly (readonly [string, Element])[]): readonly string[] =>
  right.flatMap(([key, element]) => {
    const present = state.get(key);
    return present !== undefined && kindOf(element).same(present, element) ? [] : [key];
  });
