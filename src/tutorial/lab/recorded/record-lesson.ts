import type { Act } from '../../lesson/step.js';
import type { LiveLab } from '../open-lab.js';
import { normalObservation, normalOutput } from './normalize.js';
import { observationChange } from './observation-change.js';
import type { RecordedAnswer, Recording } from './recording.js';

/** Runs all commands of the lesson in a fresh lab and returns the answers. */
export async function recordLesson(lab: LiveLab, acts: readonly Act[]): Promise<Recording> {
  const observe = async () => normalObservation(await lab.observeRaw());
  const beginning = await observe();
  const answers: RecordedAnswer[] = [];
  let before = beginning;
  for (const step of acts.flatMap(act => act.steps)) {
    if (step.kind === 'page') continue;
    for (const [task, { on, command }] of step.tasks.entries()) {
      const { output, exitCode } = await lab.run(on, command);
      const after = await observe();
      const moved = observationChange(before, after);
      answers.push({ step: step.id, task, on, command, output: normalOutput(output), exitCode, moved });
      before = after;
    }
  }
  return { release: lab.release, beginning, answers };
}
