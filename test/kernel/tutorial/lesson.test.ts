import { afterAll, beforeAll, expect, test } from 'vitest';
import { missingOf } from '../../../src/tutorial/checks/index.js';
import { type LiveLab, openLab } from '../../../src/tutorial/lab/open-lab.js';
import { acts } from '../../../src/tutorial/lesson/index.js';
import type { Exercise, Task } from '../../../src/tutorial/lesson/step.js';
import type { Observation } from '../../../src/tutorial/observe/observed.js';
import { bootMilliseconds } from '../support/guest.js';

let lab: LiveLab;
/** What the kernels answered last. */
let observed: Observation;

beforeAll(async () => {
  lab = await openLab();
  observed = await lab.observe();
}, bootMilliseconds);
afterAll(() => lab?.close(), bootMilliseconds);

/** Plays a task. Returns what is not as the lesson says. */
async function problemsOf({ on, command, check, exitCode: expected = 0 }: Task): Promise<readonly string[]> {
  const before = missingOf(check, { ...observed, said: [] });
  const { output, exitCode } = await lab.run(on, command);
  observed = await lab.observe();
  const after = missingOf(check, { ...observed, said: [{ on, line: command, output, exitCode }] });
  return [
    ...(before === undefined ? ['the check passes before the command'] : []),
    ...(exitCode === expected ? [] : [`exit code ${exitCode}, not ${expected}: ${output}`]),
    ...(after === undefined ? [] : [`${after.en}: ${output}`]),
  ];
}

// The acts follow each other on the same machines.
test.each(acts)(
  'each command of the act $id does what its check asks for',
  async ({ steps }) => {
    const problems: string[] = [];
    for (const { id, tasks } of steps.filter((step): step is Exercise => step.kind === 'exercise')) {
      for (const [index, task] of tasks.entries()) {
        const found = await problemsOf(task);
        problems.push(...found.map(problem => `${id}, task ${index + 1}: ${problem}`));
      }
    }
    expect(problems).toEqual([]);
  },
  400_000,
);
