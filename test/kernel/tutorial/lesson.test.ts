import { afterAll, beforeAll, expect, test } from 'vitest';
import { missingOf } from '../../../src/tutorial/checks/index.js';
import { type LiveLab, openLab } from '../../../src/tutorial/lab/open-lab.js';
import { normalOutput } from '../../../src/tutorial/lab/recorded/normalize.js';
import { readRecording } from '../../../src/tutorial/lab/recorded/read-recording.js';
import { acts } from '../../../src/tutorial/lesson/index.js';
import type { Exercise, Task } from '../../../src/tutorial/lesson/step.js';
import type { Observation } from '../../../src/tutorial/observe/observed.js';
import { bootMilliseconds } from '../support/guest.js';

let lab: LiveLab;
/** What the kernels answered last. */
let observed: Observation;
/** The output of each command, by its step and its number there. */
const outputs = new Map<string, string>();

beforeAll(async () => {
  lab = await openLab();
  observed = await lab.observe();
}, bootMilliseconds);
afterAll(() => lab?.close(), bootMilliseconds);

const nameOf = (step: string, task: number): string => `${step}, task ${task + 1}`;

/** Plays a task. Returns what is not as the lesson says. */
async function problemsOf(name: string, { on, command, check, exitCode: expected = 0 }: Task) {
  const before = missingOf(check, { ...observed, said: [] });
  const { output, exitCode } = await lab.run(on, command);
  outputs.set(name, output);
  observed = await lab.observe();
  const after = missingOf(check, { ...observed, said: [{ on, line: command, output, exitCode }] });
  const problems = [
    ...(before === undefined ? ['the check passes before the command'] : []),
    ...(exitCode === expected ? [] : [`exit code ${exitCode}, not ${expected}: ${output}`]),
    ...(after === undefined ? [] : [`${after.en}: ${output}`]),
  ];
  return problems.map(problem => `${name}: ${problem}`);
}

// The acts follow each other on the same machines. The whole lesson takes minutes, so it is played only here.
test.each(acts)(
  'each command of the act $id does what its check asks for',
  async ({ steps }) => {
    const problems: string[] = [];
    for (const { id, tasks } of steps.filter((step): step is Exercise => step.kind === 'exercise'))
      for (const [index, task] of tasks.entries()) problems.push(...(await problemsOf(nameOf(id, index), task)));
    expect(problems).toEqual([]);
  },
  400_000,
);

/**
 * How many packets a rule has seen depends on repeated packets and on those of the network itself, and how many
 * connections are remembered on the time that has passed.
 */
const withoutCounts = (output: string): string =>
  normalOutput(output)
    .replace(/\[\d+:\d+\]/g, '[0:0]')
    .replace(/^( *\d+K?){2}(?= )/gm, '0 0')
    .replace(/^( +-> \S+ +\w+ +\d+ +)\d+ +\d+ *$/gm, '$1some')
    .replace(/\b\d+ (packet|connection|byte|time)s?\b/g, 'some $1s');

// If this fails: scripts/record-lesson.sh
test('the commands print what was recorded of them', async () => {
  const { answers } = await readRecording();
  const recorded = answers.map(({ step, task, output }) => [nameOf(step, task), withoutCounts(output)]);
  const played = [...outputs].map(([name, output]) => [name, withoutCounts(output)]);
  expect(played).toEqual(recorded);
});
