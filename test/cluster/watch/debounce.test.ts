import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDebounce, type DebounceTiming } from '../../../src/cluster/watch/debounce.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const timing: DebounceTiming = { quiet: 5, maximumDelay: 12 };
const never = 1_000_000;

test('many events in quick succession cause one action', () => {
  const act = vi.fn();
  const debounce = createDebounce(timing, act);
  for (let events = 0; events < 100; events += 1) debounce.event();
  vi.advanceTimersByTime(4);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(never);
  expect(act).toHaveBeenCalledTimes(1);
  debounce.event();
  vi.advanceTimersByTime(5);
  expect(act).toHaveBeenCalledTimes(2);
});

test('endless events delay the action no longer than the maximum', () => {
  const act = vi.fn();
  const debounce = createDebounce(timing, act);
  for (let milliseconds = 0; milliseconds < 36; milliseconds += 1) {
    debounce.event();
    vi.advanceTimersByTime(1);
  }
  expect(act).toHaveBeenCalledTimes(3);
});

test('no action follows after the end', () => {
  const act = vi.fn();
  const debounce = createDebounce(timing, act);
  debounce.event();
  debounce.close();
  vi.advanceTimersByTime(never);
  expect(act).not.toHaveBeenCalled();
});
