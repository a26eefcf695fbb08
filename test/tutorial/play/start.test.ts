import { expect, test } from 'vitest';
import type { Loaded } from '../../../src/tutorial/play/progress/progress-file.js';
import { routeOf } from '../../../src/tutorial/play/route.js';
import { startOf } from '../../../src/tutorial/play/start.js';
import { acts } from './support/lesson.js';

const route = routeOf(acts);
const none: Loaded = { kind: 'none' };
const at = (step: string, isFinished = false): Loaded => ({
  kind: 'loaded',
  progress: { step, done: ['welcome'], isFinished },
});

test.each<[string, string | undefined, Loaded, readonly [string, string, readonly string[]]]>([
  ['nothing was kept', undefined, none, ['beginning', 'welcome', []]],
  ['what was kept is damaged', undefined, { kind: 'damaged' }, ['beginning', 'welcome', []]],
  ['a step was kept', undefined, at('look'), ['resumed', 'look', ['welcome']]],
  ['the first step was kept', undefined, at('welcome'), ['beginning', 'welcome', ['welcome']]],
  ['the lesson was finished', undefined, at('card', true), ['finished', 'welcome', ['welcome']]],
  ['a step is named by its id', 'mended', at('look'), ['named', 'mended', ['welcome']]],
  ['a step is named by its number', '2', none, ['named', 'two-names', []]],
])('if %s, the lesson starts there', (_, named, loaded, [kind, step, done]) => {
  const start = startOf(route, named, loaded);
  expect([start.kind, start.at.step.id, start.done]).toEqual([kind, step, done]);
});

test('a step that the lesson does not have is a wrong option', () => {
  expect(() => startOf(route, '7', none)).toThrow(
    expect.objectContaining({
      code: 'option-invalid',
      message: 'the lesson has no step "7"',
      advice: 'Give a number from 1 to 6, or an id: welcome, two-names, predict, mended, look, card.',
    }),
  );
});
