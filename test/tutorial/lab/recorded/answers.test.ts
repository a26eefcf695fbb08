import { expect, test } from 'vitest';
import { missingOf } from '../../../../src/tutorial/checks/index.js';
import { readRecording } from '../../../../src/tutorial/lab/recorded/read-recording.js';
import { recordedLab } from '../../../../src/tutorial/lab/recorded/recorded-lab.js';
import { acts } from '../../../../src/tutorial/lesson/index.js';

const tasks = acts
  .flatMap(act => act.steps)
  .flatMap(step => (step.kind === 'page' ? [] : step.tasks.map((task, index) => ({ ...task, step: step.id, index }))));

// If this fails: scripts/record-lesson.sh
test('the recording has the answers to the commands of the lesson, with the exit codes that it expects', async () => {
  const { answers } = await readRecording();
  expect(answers.map(({ step, task, on, command, exitCode }) => ({ step, task, on, command, exitCode }))).toEqual(
    tasks.map(({ step, index, on, command, exitCode = 0 }) => ({ step, task: index, on, command, exitCode })),
  );
});

test('each check of the lesson fails before its recorded command and passes after it', async () => {
  const lab = recordedLab(await readRecording());
  const wrong: string[] = [];
  for (const { step, index, on, command, check } of tasks) {
    const before = missingOf(check, { ...(await lab.observe()), said: [] });
    const { output, exitCode } = await lab.run(on, command);
    const after = missingOf(check, { ...(await lab.observe()), said: [{ on, line: command, output, exitCode }] });
    if (before === undefined) wrong.push(`${step} ${index}: passes before`);
    if (after !== undefined) wrong.push(`${step} ${index}: ${after.en}`);
  }
  expect(wrong).toEqual([]);
});
