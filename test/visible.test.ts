import { expect, test } from 'vitest';
import { visible, visibleTexts } from '../src/visible.js';

test.each([
  ['\u001b[31mred', '\\u001b[31mred'],
  ['a\nb\r', 'a\\nb\\u000d'],
  ['\u009b31m', '\\u009b31m'],
  ['left\u202eright', 'left\\u202eright'],
  ['zero\u200bwidth', 'zero\\u200bwidth'],
])('a control or invisible character is written out: %j', (text, expected) => {
  expect(visible(text)).toBe(expected);
});

test('all other characters stay as they are', () => {
  expect(visible('Service を処理しよう！ 😀 "quoted" \\n')).toBe('Service を処理しよう！ 😀 "quoted" \\n');
});

test('data keeps its shape', () => {
  expect(visibleTexts({ a: ['\u0007', 1, null, undefined], b: { c: true } })).toEqual({
    a: ['\\u0007', 1, null, undefined],
    b: { c: true },
  });
});
