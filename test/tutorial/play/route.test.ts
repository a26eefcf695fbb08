import { expect, test } from 'vitest';
import { commandsBefore, findStep, routeOf } from '../../../src/tutorial/play/route.js';
import { acts } from './support/lesson.js';

const route = routeOf(acts);

test('the steps of all acts are numbered in one row', () => {
  expect(route.map(({ index, actNumber, step }) => [index, actNumber, step.id])).toEqual([
    [0, 1, 'welcome'],
    [1, 1, 'two-names'],
    [2, 2, 'predict'],
    [3, 2, 'mended'],
    [4, 2, 'look'],
    [5, 2, 'card'],
  ]);
});

test.each([
  ['1', 'welcome'],
  ['6', 'card'],
  ['look', 'look'],
  ['0', undefined],
  ['7', undefined],
  ['1.5', undefined],
  ['', undefined],
])('the step %j is %s', (name, id) => {
  expect(findStep(route, name)?.step.id).toBe(id);
});

const [first, second] = [
  { on: 'inajob', command: 'add first' },
  { on: 'yuanying', command: 'add second' },
] as const;

test.each([
  ['the first step', 0, []],
  ['a step after two tasks', 2, [first, second]],
  ['a step after something broken', 3, [first, second, { on: 'inajob', command: 'remove first' }]],
  ['a step after something broken was mended', 4, [first, second]],
  ['the last step', 5, [first, second, { on: 'client-inajob', command: 'say hello' }]],
])('the commands before %s', (_, index, commands) => {
  expect(commandsBefore(route, index)).toMatchObject(commands);
  expect(commandsBefore(route, index)).toHaveLength(commands.length);
});
