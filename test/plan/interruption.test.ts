import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyPlan } from '../../src/node/apply.js';
import { batches } from '../../src/node/batches.js';
import { fakeNode, Killed, kernelOf } from '../support/fake-node/index.js';
import { parameters, situation, stateOf } from '../support/situation.js';
import { stateText } from '../support/state-text.js';
import { reconciliationOn, syncOnce } from '../support/synced-node.js';

const interruption = fc.oneof(
  fc.constant({ is: 'killed before' } as const),
  fc.constant({ is: 'killed after' } as const),
  fc.nat({ max: 3000 }).map(characters => ({ is: 'killed inside', characters }) as const),
);

test('the next run finishes an interrupted one, wherever that ended', () =>
  fc.assert(
    fc.asyncProperty(situation, fc.nat(), interruption, async ([cluster, options, actual], pick, how) => {
      const node = fakeNode(kernelOf(actual));
      const { plan, desired } = await reconciliationOn(node, cluster, options);
      const count = batches(plan).length;
      fc.pre(count > 0);
      node.trouble = { at: 1 + (pick % count), how };
      await expect(applyPlan(node, plan)).rejects.toMatchObject({ cause: expect.any(Killed) });
      node.trouble = undefined;
      await syncOnce(node, cluster, options);
      expect(await stateOf(node, desired.state)).toEqual(stateText(desired.state));
    }),
    parameters,
  ));
