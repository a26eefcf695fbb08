import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ObjectChange } from '../../src/cluster/store.js';
import { KproxyError } from '../../src/errors.js';
import { createSyncLoop, type LoopReport, type LoopTiming } from '../../src/sync/loop.js';

const hour = 3_600_000;
const timing: LoopTiming = {
  debounceMilliseconds: 10,
  periodMilliseconds: hour,
  leastPauseMilliseconds: 0,
  drainMilliseconds: 2_000,
  firstRetryMilliseconds: 500,
  lastRetryMilliseconds: 2_000,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const change = (name: string): ObjectChange =>
  ({ kind: 'Service', before: undefined, after: { metadata: { namespace: 'default', name } } }) as ObjectChange;
const namesOf = (changes: readonly ObjectChange[]): readonly string[] =>
  changes.map(({ after }) => after?.metadata.name ?? '');

const failure = () => new KproxyError({ code: 'apply-failed', message: 'no' });

interface Setting {
  readonly timing?: Partial<LoopTiming>;
  /** What a sync does, by its number from 1. */
  readonly work?: (run: number) => Promise<void> | void;
  readonly isUnsettled?: () => boolean;
}

/** Starts a loop, and records its syncs with their times since the start, in milliseconds. */
function startLoop({ timing: other, work = () => {}, isUnsettled = () => false }: Setting = {}) {
  const runs: string[] = [];
  const times: number[] = [];
  const reports: LoopReport<string>[] = [];
  const failures: number[] = [];
  const stop = new AbortController();
  const started = performance.now();
  const sync = async (what: string, changes: readonly ObjectChange[]): Promise<string> => {
    runs.push([what, ...namesOf(changes)].join(' '));
    times.push(performance.now() - started);
    await work(runs.length);
    return what;
  };
  const loop = createSyncLoop(
    { all: changes => sync('all', changes), some: changes => sync('some', changes), isUnsettled },
    { ...timing, ...other },
    { onSynced: report => reports.push(report), onFailed: (_, next) => failures.push(next) },
  );
  const ended = loop.run(stop.signal);
  return {
    runs,
    times,
    reports,
    failures,
    ended,
    changed: (...names: readonly string[]) => loop.changed(names.map(change)),
    pass: (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds),
    abort: () => stop.abort(),
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

describe('the loop', () => {
  test('syncs everything first, and then only what has changed', async () => {
    const { changed, runs, reports, pass, stop } = startLoop();
    await pass(0);
    changed('web');
    await pass(10);
    await stop();
    expect(runs).toEqual(['all', 'some web']);
    expect(reports.map(({ isWhole, result }) => [isWhole, result])).toEqual([
      [true, 'all'],
      [false, 'some'],
    ]);
    expect(reports.map(({ changes }) => namesOf(changes))).toEqual([[], ['web']]);
  });

  test('does nothing until the period is over if nothing changes', async () => {
    const { changed, runs, times, pass, stop } = startLoop();
    await pass(0);
    changed();
    await pass(hour - 1);
    expect(runs).toEqual(['all']);
    await pass(1);
    await stop();
    expect(runs).toEqual(['all', 'all']);
    expect(times).toEqual([0, hour]);
  });

  test('syncs everything again after each period, also while objects change', async () => {
    const { changed, runs, pass, stop } = startLoop({ timing: { periodMilliseconds: 1_000 } });
    await pass(600);
    changed('web');
    await pass(400);
    await pass(1_000);
    await stop();
    expect(runs).toEqual(['all', 'some web', 'all', 'all']);
  });

  test('syncs changes together that arrive within the debounce time', async () => {
    const { changed, runs, times, pass, stop } = startLoop({ timing: { debounceMilliseconds: 20 } });
    await pass(0);
    changed('a');
    changed('b', 'c');
    await pass(19);
    changed('d');
    await pass(1);
    await stop();
    expect(runs).toEqual(['all', 'some a b c d']);
    expect(times).toEqual([0, 20]);
  });

  test('reports changes that arrive before the first sync with it', async () => {
    const runs: string[] = [];
    const stop = new AbortController();
    const all = async (changes: readonly ObjectChange[]) => void runs.push(...namesOf(changes));
    const loop = createSyncLoop({ all, some: all, isUnsettled: () => false }, timing, {
      onSynced: () => stop.abort(),
      onFailed: () => {},
    });
    loop.changed([change('early')]);
    await loop.run(stop.signal);
    expect(runs).toEqual(['early']);
  });

  test('syncs again after the drain time as long as real servers are draining', async () => {
    let isDraining = true;
    const { runs, times, pass, stop } = startLoop({ isUnsettled: () => isDraining });
    await pass(4_000);
    isDraining = false;
    await pass(10_000);
    await stop();
    expect(runs).toEqual(['all', 'some', 'some', 'some']);
    expect(times).toEqual([0, 2_000, 4_000, 6_000]);
  });

  test('accepts a period that is longer than the timers of Node.js', async () => {
    const { runs, pass, stop } = startLoop({ timing: { periodMilliseconds: 2 ** 31 + 1_000 } });
    await pass(hour);
    await stop();
    expect(runs).toEqual(['all']);
  });

  test('accepts more changes at once than a function can have arguments', async () => {
    const { changed, reports, pass, stop } = startLoop();
    await pass(0);
    changed(...Array.from({ length: 100_000 }, (_, index) => String(index)));
    changed(...Array.from({ length: 100_000 }, (_, index) => String(index)));
    await pass(10);
    await stop();
    expect(reports[1]?.changes).toHaveLength(200_000);
  });

  test('runs one sync at a time: changes during a sync wait for its end', async () => {
    let running = 0;
    let most = 0;
    let finish = () => {};
    const { changed, runs, pass, stop } = startLoop({
      work: async run => {
        running += 1;
        most = Math.max(most, running);
        if (run === 2)
          await new Promise<void>(resolve => {
            finish = resolve;
          });
        running -= 1;
      },
    });
    await pass(0);
    changed('a');
    await pass(10);
    changed('b');
    await pass(1_000);
    expect(runs).toEqual(['all', 'some a']);
    finish();
    await pass(10);
    await stop();
    expect(runs).toEqual(['all', 'some a', 'some b']);
    expect(most).toBe(1);
  });
});

describe('the least pause', () => {
  const leastPauseMilliseconds = 1_000;

  test('begins when a sync ends, and changes that arrive meanwhile are synced together', async () => {
    const work = () => new Promise<void>(resolve => void setTimeout(resolve, 300));
    const { changed, runs, times, pass, stop } = startLoop({ timing: { leastPauseMilliseconds }, work });
    await pass(100);
    changed('a');
    await pass(700);
    changed('b');
    await pass(2_000);
    await stop();
    expect(runs).toEqual(['all', 'some a b']);
    expect(times).toEqual([0, 1_300]);
  });

  test('does not delay a change that comes after it', async () => {
    const { changed, times, pass, stop } = startLoop({ timing: { leastPauseMilliseconds } });
    await pass(5_000);
    changed('a');
    await pass(10);
    await stop();
    expect(times).toEqual([0, 5_010]);
  });

  test('holds for the drain time and retries too, and is not added to theirs', async () => {
    const { times, pass, stop } = startLoop({
      timing: { leastPauseMilliseconds: 3_000 },
      isUnsettled: () => true,
      work: run => {
        if (run === 2) throw failure();
      },
    });
    await pass(6_500);
    await stop();
    expect(times).toEqual([0, 3_000, 6_000]);
  });

  test('does not delay the end', async () => {
    const { changed, runs, ended, pass, abort } = startLoop({ timing: { leastPauseMilliseconds: hour } });
    await pass(0);
    changed('a');
    await pass(50);
    abort();
    await ended;
    expect(runs).toEqual(['all']);
  });
});

describe('a sync that fails', () => {
  test('is retried with growing pauses as a full sync that gets the same changes', async () => {
    const { changed, runs, failures, times, pass, stop } = startLoop({
      work: run => {
        if (run >= 2 && run <= 5) throw failure();
      },
    });
    await pass(0);
    changed('web');
    await pass(60_000);
    await stop();
    expect(runs).toEqual(['all', 'some web', 'all web', 'all web', 'all web', 'all web']);
    expect(failures).toEqual([500, 1_000, 2_000, 2_000]);
    // The debounce time comes before each try.
    expect(times).toEqual([0, 10, 520, 1_530, 3_540, 5_550]);
  });

  test('is retried even if it is the first one', async () => {
    const { runs, pass, stop } = startLoop({
      work: run => {
        if (run === 1) throw failure();
      },
    });
    await pass(501);
    await stop();
    expect(runs).toEqual(['all', 'all']);
  });

  test('starts with the shortest pause again if a sync has succeeded before', async () => {
    const { changed, failures, pass, stop } = startLoop({
      work: run => {
        if (run !== 1 && run !== 4) throw failure();
      },
    });
    await pass(0);
    changed('a');
    await pass(2_000);
    changed('b');
    await pass(2_000);
    await stop();
    expect(failures.slice(0, 4)).toEqual([500, 1_000, 500, 1_000]);
  });

  test('gets the changes that arrive during the pause', async () => {
    const { changed, runs, failures, pass, stop } = startLoop({
      work: run => {
        if (run === 1) throw failure();
      },
    });
    await pass(0);
    expect(failures).toEqual([500]);
    changed('late');
    await pass(499);
    expect(runs).toEqual(['all']);
    await pass(11);
    await stop();
    expect(runs).toEqual(['all', 'all late']);
  });

  test('ends the loop if the error is a bug', async () => {
    const { ended } = startLoop({
      work: () => {
        throw new TypeError('a bug');
      },
    });
    await expect(ended).rejects.toThrow('a bug');
  });
});

describe('an aborted loop', () => {
  test('finishes the current sync, and starts no other', async () => {
    let isDone = false;
    const { changed, runs, pass, abort, ended } = startLoop({
      work: async run => {
        if (run !== 2) return;
        await new Promise(resolve => setTimeout(resolve, 1_000));
        isDone = true;
      },
    });
    await pass(0);
    changed('a');
    await pass(10);
    changed('b');
    abort();
    await pass(1_000);
    await ended;
    expect(isDone).toBe(true);
    expect(runs).toEqual(['all', 'some a']);
  });

  test('does not wait for the next retry', async () => {
    const { failures, pass, stop } = startLoop({
      timing: { firstRetryMilliseconds: hour },
      work: () => {
        throw failure();
      },
    });
    await pass(0);
    await stop();
    expect(failures).toEqual([hour]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not wait for the end of the debounce time', async () => {
    const { changed, runs, pass, stop } = startLoop({ timing: { debounceMilliseconds: hour } });
    await pass(0);
    changed('a');
    await pass(10);
    await stop();
    expect(runs).toEqual(['all']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does nothing if it was aborted before it began', async () => {
    const runs: string[] = [];
    const work = async () => void runs.push('run');
    const loop = createSyncLoop({ all: work, some: work, isUnsettled: () => false }, timing, {
      onSynced: () => {},
      onFailed: () => {},
    });
    await loop.run(AbortSignal.abort());
    expect(runs).toEqual([]);
  });
});
