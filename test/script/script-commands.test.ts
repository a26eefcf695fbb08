import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches } from '../../src/node/batches.js';
import { subjectOf } from '../../src/node/change.js';
import type { Check, Step } from '../../src/node/command.js';
import { kindOf } from '../../src/node/kinds/index.js';
import type { Plan } from '../../src/plan/plan.js';
import { blocksOf } from '../../src/script/steps-script.js';
import { type FakeNode, fakeNode, kernelOf, runCommand } from '../support/fake-node/index.js';
import { parameters, situation, stateOf } from '../support/situation.js';
import { stateText } from '../support/state-text.js';
import { reconciliationOn } from '../support/synced-node.js';

describe('for any cluster and any state of the node', () => {
  const runs = (name: string, stepsOf: (plan: Plan) => readonly Step[]) =>
    test(name, () =>
      fc.assert(
        fc.asyncProperty(situation, fc.nat(), async ([cluster, options, actual], pick) => {
          const node = fakeNode(kernelOf(actual));
          const { plan, desired: wanted } = await reconciliationOn(node, cluster, options);
          const steps = stepsOf(plan);
          const interrupted = steps.slice(0, pick % (steps.length + 1));
          const done = new Set<Step>();
          for (const step of [...interrupted, ...steps]) perform(node, step, done);
          expect(await stateOf(node, wanted.state)).toEqual(stateText(wanted.state));
          for (const step of steps) perform(node, step, done);
          expect(await stateOf(node, wanted.state)).toEqual(stateText(wanted.state));
        }),
        parameters,
      ),
    );

  runs('the readable script, interrupted and run twice, leads to the desired state', plan =>
    blocksOf(plan)
      .flatMap(block => block.changes)
      .flatMap(change => kindOf(subjectOf(change)).steps(change)),
  );
  runs('so does the script of batches', plan => batches(plan).map(({ step }) => step));
});

/** As the script does it: not where it is there already, and only where it is there still. */
function perform(node: FakeNode, step: Step, done: Set<Step>): void {
  const { command, when, unless = [] } = step;
  if (when !== undefined && !holds(node, when)) return;
  if (unless.length > 0 && unless.every(check => holds(node, check))) return;
  // The script wraps the restore of IPVS in a filter that needs a real shell; the tests on a real kernel run it twice.
  if (command.argv.join(' ') === 'ipvsadm --restore' && done.has(step)) return;
  done.add(step);
  const result = runCommand(node.kernel, command);
  expect(result.exitCode === 0 ? undefined : { command, result }).toBeUndefined();
}

function holds(node: FakeNode, { argv, finds, once }: Check): boolean {
  const { exitCode, stdout } = runCommand(node.kernel, { argv });
  if (finds === undefined) return exitCode === 0;
  return once ? stdout.split('\n').filter(line => line === finds).length === 1 : stdout.includes(finds);
}
