import { expect, test } from 'vitest';
import { routeOf } from '../../../src/tutorial/play/route.js';
import { type LessonParts, runLesson } from '../../../src/tutorial/play/run-lesson.js';
import { texts } from '../../../src/tutorial/texts/index.js';
import { fakeLab } from './support/fake-lab.js';
import { fakePage } from './support/fake-page.js';
import { acts } from './support/lesson.js';

/** Starts a lesson and leaves it at once. Returns what is printed after its first prompt. */
async function leaving(save: LessonParts['progress']['save']): Promise<readonly string[]> {
  const lines: string[] = [];
  const options = { language: 'en', step: undefined, isFresh: true, isRecorded: false } as const;
  await runLesson(options, {
    route: routeOf(acts),
    judge: { missingOf: () => undefined, movements: () => [] },
    createPage: () => fakePage(lines),
    learner: {
      isAutomatic: false,
      async ask() {
        lines.push('asked');
        return { kind: 'ended' };
      },
      whileBusy: work => work(new AbortController().signal),
      handOver: work => work(),
      close: () => {},
    },
    progress: { path: '/nowhere/tutorial.json', load: () => ({ kind: 'none' }), save },
    openLab: async () => fakeLab(),
    openRecordedLab: async () => fakeLab({ isRecorded: true }),
    share: async () => ({ problem: undefined, whileRestarting: work => work(), close: async () => {} }),
    attachShell: async () => {},
    lesson: 'scripts/demo.sh',
    terminal: () => ({ size: { columns: 80, rows: 24 }, environment: {} }),
    beforeEnd: () => {},
  });
  return lines.slice(lines.indexOf('asked') + 1);
}

test('whoever leaves reads how to go on, also if the progress could not be kept', async () => {
  const step = { number: 1, count: routeOf(acts).length, title: 'welcome (en)' };
  expect(await leaving(() => undefined)).toEqual([`note: ${texts.en.end.left(step, 'scripts/demo.sh')}`]);
  expect(await leaving(() => 'read-only')).toEqual([`note: ${texts.en.end.leftUnkept(step, 'scripts/demo.sh')}`]);
});
