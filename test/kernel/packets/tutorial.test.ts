import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { expectExplained, expectNamed, expectNoCause, readInajob } from '../explain/support/tutorial-explained.js';
import { programmedState } from '../support/node-state.js';
import { command } from './support/leave-out.js';
import { askInTurn } from './support/table.js';
import { allAreServed, flows, servedByTutorial, times } from './support/tutorial-flows.js';
import {
  type Step,
  stepsBeyondTheTutorial,
  stepsOfTheNetwork,
  stepsOfTheTutorial,
  yuanyingAlone,
  yuanyingWithoutHairpin,
} from './support/tutorial-steps.js';
import { sync, useWorkers } from './support/workers.js';

const ask = (sandbox: Sandbox, rounds: number) => askInTurn(sandbox, flows, 2 * rounds);

/** Leaves everything out at once, and returns the summary of the sync that repairs it. */
async function repair(sandbox: Sandbox, profile: string, steps: readonly Step[]): Promise<string> {
  const before = await programmedState(sandbox, 'inajob');
  for (const { leaveOut } of steps) await leaveOut(sandbox, 'inajob');
  await acceptForwarding(sandbox, 'inajob');
  const summary = await sync(sandbox, 'inajob', profile);
  expect(await programmedState(sandbox, 'inajob')).toEqual(before);
  return summary;
}

const dropForwarding = command('iptables -w -P FORWARD DROP');
const acceptForwarding = command('iptables -w -P FORWARD ACCEPT');

describe('on both workers, programmed by kproxy sync,', () => {
  const { sandbox, putBack } = useWorkers('full');

  test('both backends answer in turn and see the right source', async () => {
    expect(await ask(sandbox(), 2)).toEqual(times(2, allAreServed));
    expectNoCause(await expectExplained(await readInajob(sandbox(), 'full'), allAreServed));
  });

  test('the same is true if inajob’s FORWARD policy is DROP', async () => {
    await dropForwarding(sandbox(), 'inajob');
    const answers = await ask(sandbox(), 1);
    await putBack();
    expect(answers).toEqual(times(1, { ...allAreServed, ...yuanyingAlone }));
  });

  test.each([...stepsOfTheTutorial, ...stepsBeyondTheTutorial, ...stepsOfTheNetwork])(
    'some clients get wrong answers or none without $name, and explain names it',
    async step => {
      await step.leaveOut(sandbox(), 'inajob');
      const answers = await ask(sandbox(), 1);
      const asked = await readInajob(sandbox(), 'full').finally(putBack);
      const outcomes = { ...allAreServed, ...step.without };
      expect(answers).toEqual(times(1, outcomes));
      expectNamed(await expectExplained(asked, outcomes), step, allAreServed, step.without);
    },
  );

  test('if all of that is missing at once, another sync repairs exactly that', async () => {
    const summary = await repair(sandbox(), 'full', [...stepsOfTheTutorial, ...stepsBeyondTheTutorial]);
    // Added: 5 jumps, 3 entries, the address, the virtual server with 2 real servers. Changed: 5 chains, 2 settings.
    expect(summary).toBe('node inajob: 12 added, 7 changed, 0 removed');
    expect(await ask(sandbox(), 1)).toEqual(times(1, allAreServed));
  });
});

describe('on both workers, programmed by kproxy sync with the tutorial profile,', () => {
  const { sandbox, putBack } = useWorkers('tutorial');

  test('both backends answer in turn and see the right source', async () => {
    expect(await ask(sandbox(), 2)).toEqual(times(2, servedByTutorial));
    expectNoCause(await expectExplained(await readInajob(sandbox(), 'tutorial'), servedByTutorial));
  });

  test('the same is true if inajob’s FORWARD policy is DROP', async () => {
    await dropForwarding(sandbox(), 'inajob');
    const answers = await ask(sandbox(), 1);
    await putBack();
    expect(answers).toEqual(times(1, { ...servedByTutorial, ...yuanyingWithoutHairpin }));
  });

  // Without the other steps, every client gets what it gets in the full profile.
  test.each(stepsOfTheTutorial.filter(({ withoutInTheTutorial }) => withoutInTheTutorial !== undefined))(
    'some clients get wrong answers or none without $name, and explain names it',
    async step => {
      await step.leaveOut(sandbox(), 'inajob');
      const answers = await ask(sandbox(), 1);
      const asked = await readInajob(sandbox(), 'tutorial').finally(putBack);
      const without = step.withoutInTheTutorial ?? step.without;
      const outcomes = { ...servedByTutorial, ...without };
      expect(answers).toEqual(times(1, outcomes));
      expectNamed(await expectExplained(asked, outcomes), step, servedByTutorial, without);
    },
  );

  test('if all of that is missing at once, another sync repairs exactly that', async () => {
    const summary = await repair(sandbox(), 'tutorial', stepsOfTheTutorial);
    // Added: 4 jumps, the entry, the address, the virtual server with 2 real servers. Changed: 3 chains, a setting.
    expect(summary).toBe('node inajob: 9 added, 4 changed, 0 removed');
    expect(await ask(sandbox(), 1)).toEqual(times(1, servedByTutorial));
  });
});
