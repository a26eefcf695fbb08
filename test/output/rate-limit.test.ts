import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLineLimit } from '../../src/output/line-limit.js';
import { RateLimit } from '../../src/output/rate-limit.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a key may be used as often as its burst, and again after each refill', () => {
  const limit = new RateLimit(3, 1_000);
  const uses = () => [1, 2, 3, 4, 5].filter(() => limit.take('a')).length;
  expect(uses()).toBe(3);
  vi.advanceTimersByTime(2_000);
  expect(uses()).toBe(2);
});

test('keys have budgets of their own, and those with a full one are forgotten', () => {
  const limit = new RateLimit(2, 1_000);
  for (let index = 0; index < 1_000; index += 1) expect(limit.take(`key ${index}`)).toBe(true);
  expect(limit.size).toBe(1_000);
  vi.advanceTimersByTime(1_000);
  limit.take('other');
  expect(limit.size).toBe(1);
});

test('of a flood of lines in one namespace twenty are written, and those of another one are not affected', () => {
  const lines: string[] = [];
  const write = createLineLimit(line => void lines.push(line));
  for (let index = 0; index < 1_000; index += 1) write('evil', `evil ${index}`);
  write('shop', 'shop');
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe('shop (980 such lines before this one left out)');
});
