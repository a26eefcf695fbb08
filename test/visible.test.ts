import { expect, test } from 'vitest';
import { shortened, visible, visibleText, visibleTexts } from '../src/visible.js';
import { hostileCharacters, hostileIn } from './support/hostile-characters.js';

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

test('each hostile character is written out, and JSON with it stays the same JSON', () => {
  for (const character of hostileCharacters) {
    expect(visible(`a${character}b`)).toMatch(/^a(\\n|(\\u[0-9a-f]{4}){1,2})b$/);
    const json = JSON.stringify({ [character]: character });
    expect(hostileIn(visibleText(json))).toEqual([]);
    expect(JSON.parse(visibleText(json))).toEqual({ [character]: character });
  }
});

test('a long text is shortened in the middle, and no character is cut in two', () => {
  expect(shortened('abcdefghij', 10)).toBe('abcdefghij');
  expect(shortened('abcdefghijk', 10)).toBe('abcdef…ijk');
  for (let longest = 4; longest < 20; longest += 1) {
    const text = shortened('😀'.repeat(20), longest);
    expect(text.length).toBeLessThanOrEqual(longest);
    expect(text).toMatch(/^(?:😀)*…(?:😀)*$/u);
  }
});
