import { afterAll, beforeAll, expect, test } from 'vitest';
import { missingOf } from '../../../src/tutorial/checks/index.js';
import { type LiveLab, openLab } from '../../../src/tutorial/lab/open-lab.js';
import { normalOutput } from '../../../src/tutorial/lab/recorded/normalize.js';
import { readRecording } from '../../../src/tutorial/lab/recorded/read-recording.js';
import { acts } from '../../../src/tutorial/lesson/index.js';
import type { Exercise, Step, Task } from '../../../src/tutorial/lesson/step.js';
import { movements } from '../../../src/tutorial/observe/movements.js';
import type { Observation } from '../../../src/tutorial/observe/observed.js';
import { allCases } from '../../support/all-cases.js';
import { bootMilliseconds } from '../support/guest.js';

let lab: LiveLab;
/** What the kernels answered last. */
let observed: Observation;
/** What they answered at the beginning of each step. */
const beginnings = new Map<string, Observation>();
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

/** Returns what an exercise that undoes an earlier one has left different, apart from counters. */
function leftBy({ id, undoes }: Exercise): readonly string[] {
  const beginning = undoes === undefined ? undefined : beginnings.get(undoes);
  if (undoes === undefined) return [];
  if (beginning === undefined) return [`${id}: there is no step ${undoes} before it`];
  return movements(beginning, observed)
    .filter(({ where }) => !/ (packets|connections)$/.test(where))
    .map(({ where, before, after }) => `${id} does not undo ${undoes}: ${where}: ${before} became ${after}`);
}

/**
 * Exercises that each undo an earlier one. Without KPROXY_ALL_CASES=1 the test leaves them out, with the exercises
 * since that one. Their kind is among those that are played, and the unit tests check them with the recorded answers.
 */
const similar = [
  'no-conntrack-fixed', // no-mark breaks the way of an answer too; packets/tutorial.test.ts leaves the parameter out
  'no-forward-jump-fixed', // no-mark is about a missing rule too
  'wrong-label-corrected', // wrong-label is about the same label
];

/** Returns the exercises to play, in order. */
function playedOf(steps: readonly Step[]): readonly Exercise[] {
  const exercises = steps.filter((step): step is Exercise => step.kind === 'exercise');
  if (allCases) return exercises;
  const left = new Set<Exercise>();
  for (const [index, { id, undoes }] of exercises.entries()) {
    if (!similar.includes(id)) continue;
    for (const exercise of exercises.slice(
      exercises.findIndex(({ id: first }) => first === undoes),
      index + 1,
    ))
      left.add(exercise);
  }
  return exercises.filter(exercise => !left.has(exercise));
}

test('each exercise that may be left out undoes one of its act', () => {
  const undoing = acts.flatMap(({ steps }) =>
    steps.flatMap((step, index) =>
      step.kind === 'exercise' && steps.slice(0, index).some(({ id }) => id === step.undoes) ? [step.id] : [],
    ),
  );
  expect(undoing).toEqual(expect.arrayContaining(similar));
});

// The acts follow each other on the same machines. The whole lesson takes minutes, so it is played only here.
test.each(acts)(
  'each command of the act $id does what its check asks for',
  async ({ steps }) => {
    const problems: string[] = [];
    for (const exercise of playedOf(steps)) {
      const { id, tasks } = exercise;
      beginnings.set(id, observed);
      for (const [index, task] of tasks.entries()) problems.push(...(await problemsOf(nameOf(id, index), task)));
      problems.push(...leftBy(exercise));
    }
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
  const playedSteps = new Set(acts.flatMap(({ steps }) => playedOf(steps)).map(({ id }) => id));
  const recorded = answers
    .filter(({ step }) => playedSteps.has(step))
    .map(({ step, task, output }) => [nameOf(step, task), withoutCounts(output)]);
  const played = [...outputs].map(([name, output]) => [name, withoutCounts(output)]);
  expect(played).toEqual(recorded);
});
