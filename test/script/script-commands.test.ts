import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches } from '../../src/node/batches.js';
import { subjectOf } from '../../src/node/change.js';
import type { Check, Command, Step } from '../../src/node/command.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { blocksOf } from '../../src/script/script-blocks.js';
import type { Reconciliation } from '../../src/sync/reconcile.js';
import { type FakeNode, fakeNode, kernelOf, runCommand } from '../support/fake-node/index.js';
import { parameters, situation, stateOf } from '../support/situation.js';
import { stateText } from '../support/state-text.js';
import { reconciliationOn } from '../support/synced-node.js';
import { filteredInput, filterReads } from './support/restore-filter.js';

describe('for any cluster and any state of the node', () => {
  const runs = (name: string, stepsOf: (reconciliation: Reconciliation) => readonly Step[]) =>
    test(name, () =>
      fc.assert(
        fc.asyncProperty(situation, fc.nat(), async ([cluster, options, actual], pick) => {
          const node = fakeNode(kernelOf(actual));
          const reconciliation = await reconciliationOn(node, cluster, options);
          const { state } = reconciliation.desired;
          const steps = stepsOf(reconciliation);
          const interrupted = steps.slice(0, pick % (steps.length + 1));
          for (const step of [...interrupted, ...steps]) perform(node, step);
          expect(await stateOf(node, state)).toEqual(stateText(state));
          for (const step of steps) perform(node, step);
          expect(await stateOf(node, state)).toEqual(stateText(state));
        }),
        parameters,
      ),
    );

  runs('the readable script, interrupted and run twice, leads to the desired state', ({ plan, desired }) =>
    blocksOf(plan, desired.reasons)
      .flatMap(block => block.changes)
      .flatMap(change => kindOf(subjectOf(change)).steps(change)),
  );
  runs('the script of batches, interrupted and run twice, leads to the desired state', ({ plan }) =>
    batches(plan).map(({ step }) => step),
  );
});

/**
 * Runs a step as the script does: not if its element is already present, only if what it removes is still present, and
 * with the input of a restore filtered.
 */
function perform(node: FakeNode, { command, when, unless = [] }: Step): void {
  if (when !== undefined && !holds(node, when)) return;
  if (unless.length > 0 && unless.every(check => holds(node, check))) return;
  const result = runCommand(node.kernel, filtered(node, command));
  expect(result.exitCode === 0 ? undefined : { command, result }).toBeUndefined();
}

function filtered(node: FakeNode, command: Command): Command {
  const argv = filterReads(command);
  return argv ? { ...command, input: filteredInput(command, runCommand(node.kernel, { argv }).stdout) } : command;
}

const holds = (node: FakeNode, check: Check): boolean => isFound(node, check) !== (check.isAbsent ?? false);

function isFound(node: FakeNode, { argv, finds, once }: Check): boolean {
  const { exitCode, stdout } = runCommand(node.kernel, { argv });
  if (finds === undefined) return exitCode === 0;
  return once ? stdout.split('\n').filter(line => line === finds).length === 1 : stdout.includes(finds);
}
