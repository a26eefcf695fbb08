import { describe, expect, test } from 'vitest';
import { type Batch, batches } from '../../src/node/batches.js';
import { subjectOf } from '../../src/node/change.js';
import type { Check, Step } from '../../src/node/command.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { blocksOf } from '../../src/shell/script/steps-script.js';
import { type FakeNode, fakeNode, kernelOf, runCommand } from '../support/fake-node/index.js';
import { property, stateOf } from '../support/situation.js';
import { stateText } from '../support/state-text.js';
import { comparisonOn } from '../support/synced-node.js';

describe('for any cluster and any state of the node', () => {
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

/** As the script does it: not where it is there already, and only where it is there still. */
function perform(node: FakeNode, { command, when, unless }: Step): void {
  if (when !== undefined && !holds(node, when)) return;
  if (unless !== undefined && unless.length > 0 && unless.every(check => holds(node, check))) return;
  const result = runCommand(node.kernel, command);
  expect(result.exitCode === 0 ? undefined : { command, result }).toBeUndefined();
}

function holds(node: FakeNode, { argv, finds, once }: Check): boolean {
  const { exitCode, stdout } = runCommand(node.kernel, { argv });
  if (finds === undefined) return exitCode === 0;
  return once ? stdout.split('\n').filter(line => line === finds).length === 1 : stdout.includes(finds);
}
