import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import { compareWithNothing } from '../../src/commands/shared/compare.js';
import { applyPlan } from '../../src/node/apply.js';
import { type Batch, batches } from '../../src/node/batches.js';
import { subjectOf } from '../../src/node/change.js';
import type { Check, Step } from '../../src/node/command.js';
import { keyOf, kindOf } from '../../src/node/kinds/index.js';
import { readNode } from '../../src/node/read.js';
import type { NodeState } from '../../src/node/state.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { blocksOf } from '../../src/shell/script/steps-script.js';
import { type FakeNode, fakeNode, freshKernel, Killed, kernelOf, runCommand } from '../support/fake-node/index.js';
import { addForeignState, foreignText } from '../support/foreign-state.js';
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
        if (change.verb !== 'add' && change.before.kind !== 'flow') expect(state.has(keyOf(change.before))).toBe(true);
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
        // A flow is no part of the state: whether it must go has a test of its own.
        const needed = plan.filter(change => subjectOf(change).kind !== 'flow');
        fc.pre(needed.length > 0);
        const left = needed.filter((_, index) => index !== pick % needed.length);
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

  test("what is not kproxy's stays as it is, to the byte", () =>
    property(async (cluster, options, actual) => {
      const kernel = freshKernel();
      addForeignState(kernel);
      const node = fakeNode(kernelOf(actual, kernel));
      const before = foreignText(kernel);
      await syncOnce(node, cluster, options);
      expect(foreignText(kernel)).toBe(before);
      expect(before).toContain('-A -u 10.10.0.11:514');
    }));

  test('the commands of the readable script lead to the same state, however often they are run', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired: wanted } = await comparisonOn(node, cluster, options);
      const steps = blocksOf(plan)
        .flatMap(block => block.changes)
        .flatMap(change => kindOf(subjectOf(change)).steps(change));
      for (const _ of ['first', 'again']) {
        for (const step of steps) perform(node, step);
        expect(await stateOf(node, wanted.state)).toEqual(stateText(wanted.state));
      }
    }));

  test('so do those of the script of batches', () =>
    property(async (cluster, options, actual) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired: wanted } = await comparisonOn(node, cluster, options);
      // The script wraps the restore of IPVS in a filter that needs a real shell; the tests on a real kernel run it.
      const isRestore = ({ step }: Batch) => step.command.argv[0] === 'ipvsadm';
      const all = batches(plan);
      for (const { step } of all) perform(node, step);
      for (const batch of all) if (!isRestore(batch)) perform(node, batch.step);
      expect(await stateOf(node, wanted.state)).toEqual(stateText(wanted.state));
    }));
});

const interruption = fc.oneof(
  fc.constant({ is: 'killed before' } as const),
  fc.constant({ is: 'killed after' } as const),
  fc.nat({ max: 3000 }).map(characters => ({ is: 'killed inside', characters }) as const),
);

/** As the script does it: not where it is there already, and only where it is there still. */
function perform(node: FakeNode, { command, when, unless }: Step): void {
  if (when !== undefined && !holds(node, when)) return;
  if (unless?.every(check => holds(node, check))) return;
  const result = runCommand(node.kernel, command);
  expect(result.exitCode === 0 ? undefined : { command, result }).toBeUndefined();
}

function holds(node: FakeNode, { argv, finds, once }: Check): boolean {
  const { exitCode, stdout } = runCommand(node.kernel, { argv });
  if (finds === undefined) return exitCode === 0;
  return once ? stdout.split('\n').filter(line => line === finds).length === 1 : stdout.includes(finds);
}
