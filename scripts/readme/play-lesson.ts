import { missingOf } from '../../src/tutorial/checks/index.js';
import type { Lab } from '../../src/tutorial/lab/lab.js';
import { readRecording } from '../../src/tutorial/lab/recorded/read-recording.js';
import { recordedLab } from '../../src/tutorial/lab/recorded/recorded-lab.js';
import { acts } from '../../src/tutorial/lesson/index.js';
import { movements } from '../../src/tutorial/observe/movements.js';
import { createPage } from '../../src/tutorial/page/create-page.js';
import type { Page } from '../../src/tutorial/page/page.js';
import { automaticLearner } from '../../src/tutorial/play/learner/automatic.js';
import { routeOf } from '../../src/tutorial/play/route.js';
import { runLesson } from '../../src/tutorial/play/run-lesson.js';

/**
 * Plays the lesson in English as `kproxy tutorial --yes` prints it on a kernel, with the recorded answers of one.
 * Returns what each step prints, by the id of the step.
 */
export async function playLesson(): Promise<ReadonlyMap<string, string>> {
  const route = routeOf(acts);
  const printed = new Map<string, string>();
  /** Undefined while what is printed belongs to no step. */
  let id: string | undefined;
  const write = (text: string) => {
    if (id !== undefined) printed.set(id, (printed.get(id) ?? '') + text);
  };
  const page = createPage({ write, columns: () => 80, colors: false, language: 'en', isUnicode: true });
  const pageOfSteps: Page = {
    ...page,
    act(title) {
      id = undefined;
      page.act(title);
    },
    step(number, count, title) {
      id = route[number - 1]?.step.id;
      page.step(number, count, title);
    },
  };
  const learner = automaticLearner({ linesPrinted: () => 0, millisecondsForTenLines: 0 });
  try {
    const ending = await runLesson(
      { language: 'en', step: undefined, isFresh: true, isRecorded: false },
      {
        lesson: 'kproxy tutorial',
        route,
        learner,
        judge: { missingOf, movements },
        openLab: labOfAnswers,
        openRecordedLab: labOfAnswers,
        createPage: () => pageOfSteps,
        progress: { path: '', load: () => ({ kind: 'none' }), save: () => undefined },
        share: async () => ({ problem: undefined, whileRestarting: work => work(), close: async () => {} }),
        attachShell: async () => {},
        terminal: () => ({ size: { columns: 80, rows: 24 }, environment: {} }),
        beforeEnd: () => {},
      },
    );
    if (ending.kind === 'stopped') throw new Error(`the lesson stopped at ${ending.id}: ${ending.problem}`);
  } finally {
    learner.close();
  }
  return printed;
}

/** The answers are those of a kernel, and another test compares them with it: they are not marked as recorded. */
const labOfAnswers = async (): Promise<Lab> => ({ ...recordedLab(await readRecording()), isRecorded: false });
