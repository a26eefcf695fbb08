import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import { compareWithNothing } from '../../src/commands/shared/compare.js';
import { applyPlan } from '../../src/node/apply.js';
import { batches } from '../../src/node/batches.js';
import { keyOf, kindOf } from '../../src/node/kinds/index.js';
import { readNode } from '../../src/node/read.js';
import type { NodeState } from '../../src/node/state.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { type FakeNode, fakeNode, Killed, kernelOf, runCommand } from '../support/fake-node/index.js';
import { parityFacts } from '../support/parity-case.js';
import { randomCluster } from '../support/random-cluster.js';
import { partOf } from '../support/random-damage.js';
import { randomOptions } from '../support/random-options.js';
import { stateText } from '../support/state-text.js';
import { comparisonOn, syncOnce } from '../support/synced-node.js';

const seed = 20261123;
const runs = 150;

/** A cluster, the options, and a node with parts of this cluster's state and of another's, some of them damaged. */
const situation = fc
  .tuple(randomCluster, randomCluster, randomOptions)
  .chain(([cluster, earlier, options]) =>
    fc.tuple(
      fc.constant(cluster),
      fc.constant(options),
      partOf(new Map([...desired(earlier, options), ...desired(cluster, options)])),
    ),
  );

const desired = (cluster: Cluster, options: ProxyOptions): NodeState =>
  compareWithNothing(cluster, options, parityFacts).desired.state;

/** The node as read, without the kernel parameters that nobody asks for. */
const stateOf = async (node: FakeNode, wanted: NodeState): Promise<readonly string[]> => {
  const { state } = await readNode(node);
  return stateText(new Map([...state].filter(([key, element]) => element.kind !== 'sysctl' || wanted.has(key))));
};

const property = (check: (cluster: Cluster, options: ProxyOptions, actual: NodeState) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(situation, ([cluster, options, actual]) => check(cluster, options, actual)),
    { seed, numRuns: runs },
  );

describe('for any cluster and any state of the node', () => {
  test('reading a kernel gives back the state that it holds', () =>
    property(async (cluster, options) => {
      const wanted = desired(cluster, options);
      expect(await stateOf(fakeNode(kernelOf(wanted)), wanted)).toEqual(stateText(wanted));
    }));

  test('the applied plan gives exactly the desired state', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired: wanted } = await comparisonOn(node, cluster, options);
      await applyPlan(node, plan);
      expect(await stateOf(node, wanted.state)).toEqual(stateText(wanted.state));
    }));

  test('after it there is nothing left to do, and nothing is done', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      await syncOnce(node, cluster, options);
      const before = node.changing.length;
      expect(await syncOnce(node, cluster, options)).toEqual({ changes: 0, processes: 0 });
      expect(node.changing).toHaveLength(before);
    }));

  test('the plan leaves alone what is right already', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired: wanted } = await comparisonOn(node, cluster, options);
      const { state } = await readNode(node);
      for (const change of plan) {
        if (change.verb === 'change') expect(kindOf(change.after).same(change.before, change.after)).toBe(false);
        if (change.verb === 'remove') expect(wanted.state.has(keyOf(change.before))).toBe(false);
        if (change.verb !== 'add') expect(state.has(keyOf(change.before))).toBe(true);
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
        const { plan, desired: wanted } = await comparisonOn(node, cluster, options);
        fc.pre(plan.length > 0);
        const left = plan.filter((_, index) => index !== pick % plan.length);
        const isApplied = await applyPlan(node, left).then(
          () => true,
          () => false,
        );
        expect(isApplied && (await stateOf(node, wanted.state)).join('\n') === stateText(wanted.state).join('\n')).toBe(
          false,
        );
      }),
      { seed, numRuns: runs },
    ));

  test('an interrupted run is finished by the next, wherever it ended', () =>
    fc.assert(
      fc.asyncProperty(situation, fc.nat(), interruption, async ([cluster, options, actual], pick, how) => {
        const node = fakeNode(kernelOf(actual));
        const { plan, desired: wanted } = await comparisonOn(node, cluster, options);
        const count = batches(plan).length;
        fc.pre(count > 0);
        node.trouble = { at: 1 + (pick % count), how };
        await expect(applyPlan(node, plan)).rejects.toMatchObject({ cause: expect.any(Killed) });
        node.trouble = undefined;
        await syncOnce(node, cluster, options);
        expect(await stateOf(node, wanted.state)).toEqual(stateText(wanted.state));
      }),
      { seed, numRuns: runs },
    ));

  test('the commands of the readable script lead to the same state', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired: wanted } = await comparisonOn(node, cluster, options);
      for (const change of plan)
        for (const { command, when, unless } of kindOf(change.verb === 'remove' ? change.before : change.after).steps(
          change,
        )) {
          if (when !== undefined && !holds(node, when)) continue;
          if (unless?.every(check => holds(node, check))) continue;
          expect(runCommand(node.kernel, command)).toMatchObject({ exitCode: 0 });
        }
      expect(await stateOf(node, wanted.state)).toEqual(stateText(wanted.state));
    }));
});

const interruption = fc.oneof(
  fc.constant({ is: 'killed before' } as const),
  fc.constant({ is: 'killed after' } as const),
  fc.nat({ max: 3000 }).map(characters => ({ is: 'killed inside', characters }) as const),
);

function holds(node: FakeNode, check: { readonly argv: readonly string[]; readonly finds?: string }): boolean {
  const { exitCode, stdout } = runCommand(node.kernel, { argv: check.argv });
  return check.finds === undefined ? exitCode === 0 : stdout.includes(check.finds);
}
