import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Notice } from '../../src/events/event.js';
import { createEventRecorder } from '../../src/events/event-recorder.js';

const minute = 60_000;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const notice = (note: string): Notice => ({
  regarding: { kind: 'Node', name: 'worker-1' },
  type: 'Warning',
  reason: 'SyncFailed',
  action: 'Sync',
  note,
});

/** Starts a recorder, and keeps what it writes as `POST note` or `PUT note x count`. */
function start(write: () => Promise<void> = async () => {}) {
  const written: string[] = [];
  const names = new Set<string>();
  const recorder = createEventRecorder({
    nodeName: 'worker-1',
    now: () => new Date(),
    write: (method, { metadata, note, series }) => {
      written.push(`${method} ${note}${series ? ` x ${series.count}` : ''}`);
      names.add(metadata.name);
      return write();
    },
  });
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
  return { recorder, written, names, pass };
}

test('the same notice again is counted, and the count is written once in five minutes', async () => {
  const { recorder, written, names, pass } = start();
  for (let times = 1; times <= 11; times += 1) {
    recorder.record(notice('no'));
    await pass(minute);
  }
  expect(written).toEqual(['POST no', 'PUT no x 6', 'PUT no x 11']);
  expect(names.size).toBe(1);
});

test('after half an hour without it, the same notice is a new Event', async () => {
  const { recorder, written, names, pass } = start();
  recorder.record(notice('no'));
  await pass(31 * minute);
  recorder.record(notice('no'));
  await pass(0);
  expect(written).toEqual(['POST no', 'POST no']);
  expect(names.size).toBe(2);
});

test('of a flood of different notices ten are written, and then one each minute', async () => {
  const { recorder, written, names, pass } = start();
  for (let index = 0; index < 100; index += 1) recorder.record(notice(`first ${index}`));
  await pass(minute);
  for (let index = 0; index < 100; index += 1) recorder.record(notice(`later ${index}`));
  await pass(0);
  const ten = Array.from({ length: 10 }, (_, index) => `POST first ${index}`);
  expect(written).toEqual([...ten, 'POST later 0']);
  expect(names.size).toBe(11);
});

test('nothing waits for a write: the next one begins when it has ended', async () => {
  const writes: (() => void)[] = [];
  const { recorder, written, pass } = start(() => new Promise(resolve => void writes.push(resolve)));
  recorder.record(notice('one'));
  recorder.record(notice('two'));
  await pass(0);
  expect(written).toEqual(['POST one']);
  writes[0]?.();
  await pass(0);
  expect(written).toEqual(['POST one', 'POST two']);
});

test('a closed recorder drops what waits and what comes', async () => {
  const writes: (() => void)[] = [];
  const { recorder, written, pass } = start(() => new Promise(resolve => void writes.push(resolve)));
  recorder.record(notice('one'));
  recorder.record(notice('two'));
  await pass(0);
  recorder.close();
  writes[0]?.();
  recorder.record(notice('three'));
  await pass(0);
  expect(written).toEqual(['POST one']);
});

test('a flood of one reason leaves Events of other reasons alone', async () => {
  const { recorder, written, pass } = start();
  for (let index = 0; index < 1_000; index += 1)
    recorder.record({ ...notice(`refused ${index}`), reason: 'ElementRefused' });
  recorder.record(notice('failed'));
  await pass(0);
  expect(written).toHaveLength(11);
  expect(written.at(-1)).toBe('POST failed');
});
