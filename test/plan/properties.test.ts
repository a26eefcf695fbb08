import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actualState } from '../../src/node/actual-state.js';
import { applyPlan } from '../../src/node/apply.js';
import { type Change, subjectOf } from '../../src/node/change.js';
import { keyOf, kindOf } from '../../src/node/kinds/index.js';
import { replacedSet } from '../../src/node/names.js';
import { readNode } from '../../src/node/read.js';
import { fakeNode, freshKernel, kernelOf } from '../support/fake-node/index.js';
import { addForeignState, foreignText } from '../support/foreign-state.js';
import { desiredState, parameters, property, situation, stateOf } from '../support/situation.js';
import { stateText } from '../support/state-text.js';
import { reconciliationOn, syncOnce } from '../support/synced-node.js';

describe('for any cluster and any state of the node', () => {
  test('reading a kernel finds the state that it was built from', () =>
    property(async (cluster, options) => {
      const wanted = desiredState(cluster, options);
      expect(await stateOf(fakeNode(kernelOf(wanted)), wanted)).toEqual(stateText(wanted));
    }));

  test('the applied plan gives exactly the desired state', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired } = await reconciliationOn(node, cluster, options);
      await applyPlan(node, plan);
      expect(await stateOf(node, desired.state)).toEqual(stateText(desired.state));
    }));

  test('a second sync has nothing to do and starts no process that changes anything', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      await syncOnce(node, cluster, options);
      const before = node.changing.length;
      expect(await syncOnce(node, cluster, options)).toEqual({ changes: 0, processes: 0, refused: [] });
      expect(node.changing).toHaveLength(before);
    }));

  test('the plan does not touch what is right already', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired } = await reconciliationOn(node, cluster, options);
      const { state, foreignRules } = actualState((await readNode(node, undefined, { timeouts: true })).findings);
      const known = new Set(Array.from(state, ([key]) => key));
      for (const change of plan) {
        if (change.verb === 'change') expect(isDifferent(change) || foreignRules.has(keyOf(change.after))).toBe(true);
        if (change.verb === 'remove') expect(desired.state.has(keyOf(change.before))).toBe(false);
        if (change.verb !== 'add' && change.before.kind !== 'flow') expect(known.has(keyOf(change.before))).toBe(true);
        if (change.verb === 'add') known.add(keyOf(change.after));
      }
      const keys = plan.map(
        change => `${change.verb} ${keyOf(change.verb === 'remove' ? change.before : change.after)}`,
      );
      const twice = keys.filter((key, index) => keys.indexOf(key) !== index && !key.startsWith('change chain'));
      expect(twice).toEqual([]);
    }));

  test('every change of the plan is needed', () =>
    fc.assert(
      fc.asyncProperty(situation, fc.nat(), async ([cluster, options, actual], pick) => {
        const node = fakeNode(kernelOf(actual));
        const { plan, desired } = await reconciliationOn(node, cluster, options);
        const needed = plan.filter(change => !isTransient(change));
        fc.pre(needed.length > 0);
        const left = plan.filter(change => change !== needed[pick % needed.length]);
        const isApplied = await applyPlan(node, left).then(
          () => true,
          () => false,
        );
        expect(
          isApplied && (await stateOf(node, desired.state)).join('\n') === stateText(desired.state).join('\n'),
        ).toBe(false);
      }),
      parameters,
    ));

  test("what is not kproxy's stays exactly as it is", () =>
    property(async (cluster, options, actual) => {
      const kernel = freshKernel();
      addForeignState(kernel);
      const node = fakeNode(kernelOf(actual, kernel));
      const before = foreignText(kernel);
      await syncOnce(node, cluster, options);
      expect(foreignText(kernel)).toBe(before);
      expect(before).toContain('-A -u 10.10.0.11:514');
    }));
});

const isDifferent = ({ before, after }: Change & { verb: 'change' }): boolean => !kindOf(after).same(before, after);

/** Flows and temporary sets are no part of the final state. Other tests show whether they are needed on the way. */
function isTransient(change: Change): boolean {
  const element = subjectOf(change);
  if (element.kind === 'entry') return replacedSet(element.set) !== undefined;
  if (element.kind === 'set') return replacedSet(element.name) !== undefined && change.verb !== 'remove';
  return element.kind === 'flow';
}
