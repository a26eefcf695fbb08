import { describe, expect, test } from 'vitest';
import { missingOf } from '../../../src/tutorial/checks/index.js';
import { readRecording } from '../../../src/tutorial/lab/recorded/read-recording.js';
import { recordedLab } from '../../../src/tutorial/lab/recorded/recorded-lab.js';
import type { Recording } from '../../../src/tutorial/lab/recorded/recording.js';
import { type Language, languages } from '../../../src/tutorial/language.js';
import { acts } from '../../../src/tutorial/lesson/index.js';
import { movements } from '../../../src/tutorial/observe/movements.js';
import { createPage } from '../../../src/tutorial/page/create-page.js';
import type { Typed } from '../../../src/tutorial/play/learner/learner.js';
import { placesOf } from '../../../src/tutorial/play/places/places.js';
import type { Ending } from '../../../src/tutorial/play/play.js';
import { routeOf } from '../../../src/tutorial/play/route.js';
import { runLesson } from '../../../src/tutorial/play/run-lesson.js';

const route = routeOf(acts);
const enter: Typed = { kind: 'line', text: '' };
const ways: readonly Typed[] = [
  { kind: 'line', text: 'q' },
  { kind: 'line', text: 'exit' },
  { kind: 'interrupted', isSomethingDropped: false },
  { kind: 'line', text: 'quit' },
  { kind: 'ended' },
];

interface Left {
  readonly ending: Ending;
  /** What was ended, in order. */
  readonly ended: readonly string[];
  readonly keptStep: string | undefined;
}

/** Goes to a step, types, and returns how the lesson ended. */
async function leave(recording: Recording, language: Language, step: string, typed: readonly Typed[]): Promise<Left> {
  const ended: string[] = [];
  const left = [...typed];
  let keptStep: string | undefined;
  const lab = { ...recordedLab(recording), close: async () => void ended.push('machines') };
  const ending = await runLesson(
    { language, step, isFresh: false, isRecorded: true },
    {
      lesson: 'kproxy tutorial',
      route,
      judge: { missingOf, movements },
      openLab: () => Promise.reject(new Error('no kernel is wanted')),
      openRecordedLab: async () => lab,
      createPage: one =>
        createPage({ write: () => {}, columns: () => 80, colors: true, language: one, isUnicode: true }),
      learner: {
        isAutomatic: false,
        ask: async () => left.shift() ?? Promise.reject(new Error('the lesson was not left')),
        whileBusy: work => work(new AbortController().signal),
        handOver: work => work(),
        close: () => {},
      },
      progress: {
        path: '',
        load: () => ({ kind: 'none' }),
        save(progress) {
          keptStep = progress.step;
          return undefined;
        },
      },
      share: async () => ({
        problem: undefined,
        whileRestarting: work => work(),
        close: async () => void ended.push('shells'),
      }),
      attachShell: async () => {},
      terminal: () => ({ size: { columns: 80, rows: 24 }, environment: {} }),
      beforeEnd: () => {},
    },
  );
  return { ending, ended, keptStep };
}

describe.each(languages)('in %s', language => {
  test('the lesson is left at each place of each step, and goes on there', async () => {
    const recording = await readRecording();
    const places = route.flatMap(({ step }) => placesOf(step).map((_, index) => ({ id: step.id, index })));
    for (const [turn, { id, index }] of places.entries()) {
      const way = ways[turn % ways.length] ?? enter;
      const left = await leave(recording, language, id, [...Array(index).fill(enter), way]);
      expect({ id, index, ...left }).toEqual({
        ...{ id, index, keptStep: id, ended: ['shells', 'machines'] },
        ending: { kind: 'left', isInterrupted: way.kind === 'interrupted' },
      });
    }
    expect(places.length).toBeGreaterThan(100);
  });
});
