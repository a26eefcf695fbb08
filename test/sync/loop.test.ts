import { describe, expect, test, vi } from 'vitest';
import type { ObjectChange } from '../../src/cluster/store.js';
import { KproxyError } from '../../src/errors.js';
import { type LoopReport, type LoopTiming, syncLoop } from '../../src/sync/loop.js';

/** Nothing comes by itself unless a test says so: a period of an hour does not end in a test. */
const timing: LoopTiming = {
  debounceMilliseconds: 1,
  periodMilliseconds: 3_600_000,
  drainMilliseconds: 1,
  firstRetryMilliseconds: 1,
  lastRetryMilliseconds: 4,
};

const change = (name: string): ObjectChange =>
  ({ kind: 'Service', before: undefined, after: { metadata: { namespace: 'default', name } } }) as ObjectChange;
const named = (changes: readonly ObjectChange[]): readonly string[] =>
  changes.map(({ after }) => after?.metadata.name ?? '');

const refused = () => new KproxyError({ message: 'no', exitCode: 5 });

interface Setting {
  readonly timing?: Partial<LoopTiming>;
  /** What one run of the work does, by its number from 1. */
  readonly work?: (run: number) => Promise<void> | void;
  readonly isUnsettled?: () => boolean;
}

/** A loop whose work writes down what it was asked to do. */
function watched({ timing: other, work = () => {}, isUnsettled = () => false }: Setting = {}) {
  const runs: string[] = [];
  const reports: LoopReport<string>[] = [];
  const failures: number[] = [];
  const stop = new AbortController();
  const doing = async (what: string, changes: readonly ObjectChange[]): Promise<string> => {
    runs.push([what, ...named(changes)].join(' '));
    await work(runs.length);
    return what;
  };
  const loop = syncLoop(
    { all: changes => doing('all', changes), some: changes => doing('some', changes), isUnsettled },
    { ...timing, ...other },
    { onSynced: report => reports.push(report), onFailed: (_, next) => failures.push(next) },
  );
  const ended = loop.run(stop.signal);
  return {
    runs,
    reports,
    failures,
    changed: (...names: readonly string[]) => loop.changed(names.map(change)),
    untilRuns: (count: number) =>
      vi.waitUntil(() => runs.length >= count && reports.length + failures.length >= count, {
        interval: 1,
        timeout: 20_000,
      }),
    stop: async () => {
      stop.abort();
      await ended;
    },
    ended,
    signal: stop,
  };
}

/** Lets everything that is due within milliseconds happen. */
const quiet = () => new Promise(resolve => setTimeout(resolve, 20));

describe('what is due', () => {
  test('everything at first, then only what has changed', async () => {
    const { changed, runs, reports, untilRuns, stop } = watched();
    await untilRuns(1);
    changed('web');
    await untilRuns(2);
    await stop();
    expect(runs).toEqual(['all', 'some web']);
    expect(reports.map(({ isWhole, result }) => [isWhole, result])).toEqual([
      [true, 'all'],
      [false, 'some'],
    ]);
    expect(reports.map(({ changes }) => named(changes))).toEqual([[], ['web']]);
  });

  test('nothing, as long as nothing changes', async () => {
    const { changed, runs, untilRuns, stop } = watched();
    await untilRuns(1);
    changed();
    await quiet();
    await stop();
    expect(runs).toEqual(['all']);
  });

  test('changes that come close together are made together', async () => {
    const { changed, runs, untilRuns, stop } = watched({ timing: { debounceMilliseconds: 20 } });
    await untilRuns(1);
    changed('a');
    changed('b', 'c');
    await new Promise(resolve => setTimeout(resolve, 2));
    changed('d');
    await untilRuns(2);
    await stop();
    expect(runs).toEqual(['all', 'some a b c d']);
  });

  test('what has changed before the first sync is told with it', async () => {
    const runs: string[] = [];
    const stop = new AbortController();
    const all = async (changes: readonly ObjectChange[]) => void runs.push(...named(changes));
    const loop = syncLoop({ all, some: all, isUnsettled: () => false }, timing, {
      onSynced: () => stop.abort(),
      onFailed: () => {},
    });
    loop.changed([change('early')]);
    await loop.run(stop.signal);
    expect(runs).toEqual(['early']);
  });

  test('everything again when the period is over', async () => {
    const { runs, untilRuns, stop } = watched({ timing: { periodMilliseconds: 2 } });
    await untilRuns(3);
    await stop();
    expect(runs.filter(run => run === 'all').length).toBeGreaterThanOrEqual(2);
  });

  test('a look at the connections, as long as some are let run out', async () => {
    let looks = 0;
    const { runs, untilRuns, stop } = watched({
      isUnsettled: () => {
        looks += 1;
        return looks <= 2;
      },
    });
    await untilRuns(3);
    await quiet();
    await stop();
    expect(runs).toEqual(['all', 'some', 'some']);
  });

  test('a period that is longer than Node’s timers can be does not make the loop run hot', async () => {
    const { runs, untilRuns, stop } = watched({ timing: { periodMilliseconds: 2 ** 31 + 1000 } });
    await untilRuns(1);
    await quiet();
    await stop();
    expect(runs).toEqual(['all']);
  });

  test('more changes at once than a function can have arguments', async () => {
    const { changed, reports, untilRuns, stop } = watched();
    await untilRuns(1);
    changed(...Array.from({ length: 100_000 }, (_, index) => String(index)));
    changed(...Array.from({ length: 100_000 }, (_, index) => String(index)));
    await untilRuns(2);
    await stop();
    expect(reports[1]?.changes).toHaveLength(200_000);
  });
});

test('one sync at a time: what changes during one waits for its end', async () => {
  let running = 0;
  let most = 0;
  let letGo = () => {};
  const { changed, runs, untilRuns, stop } = watched({
    work: async run => {
      running += 1;
      most = Math.max(most, running);
      if (run === 2)
        await new Promise<void>(resolve => {
          letGo = resolve;
        });
      running -= 1;
    },
  });
  await untilRuns(1);
  changed('a');
  await vi.waitUntil(() => runs.length === 2, { interval: 1, timeout: 20_000 });
  changed('b');
  await quiet();
  expect(runs).toEqual(['all', 'some a']);
  letGo();
  await untilRuns(3);
  await stop();
  expect(runs).toEqual(['all', 'some a', 'some b']);
  expect(most).toBe(1);
});

describe('a sync that fails', () => {
  test('is tried again with growing pauses, everything read anew, and the changes are not lost', async () => {
    const { changed, runs, failures, untilRuns, stop } = watched({
      work: run => {
        if (run >= 2 && run <= 5) throw refused();
      },
    });
    await untilRuns(1);
    changed('web');
    await untilRuns(6);
    await quiet();
    await stop();
    expect(runs).toEqual(['all', 'some web', 'all web', 'all web', 'all web', 'all web']);
    expect(failures).toEqual([1, 2, 4, 4]);
  });

  test('the first one too', async () => {
    const { runs, untilRuns, stop } = watched({
      work: run => {
        if (run === 1) throw refused();
      },
    });
    await untilRuns(2);
    await stop();
    expect(runs).toEqual(['all', 'all']);
  });

  test('after one that went well the pauses begin anew', async () => {
    const { changed, failures, untilRuns, stop } = watched({
      work: run => {
        if (run !== 1 && run !== 4) throw refused();
      },
    });
    await untilRuns(1);
    changed('a');
    await untilRuns(4);
    changed('b');
    await untilRuns(6);
    await stop();
    expect(failures.slice(0, 4)).toEqual([1, 2, 1, 2]);
  });

  test('what changes during the pause is part of the next try', async () => {
    const { changed, runs, failures, untilRuns, stop } = watched({
      timing: { firstRetryMilliseconds: 10 },
      work: run => {
        if (run === 1) throw refused();
      },
    });
    await vi.waitUntil(() => failures.length === 1, { interval: 1, timeout: 20_000 });
    changed('late');
    await untilRuns(2);
    await stop();
    expect(runs).toEqual(['all', 'all late']);
  });

  test('a bug ends the loop', async () => {
    const { ended } = watched({
      work: () => {
        throw new TypeError('a bug');
      },
    });
    await expect(ended).rejects.toThrow('a bug');
  });
});

describe('told to stop', () => {
  test('it waits for the sync that is under way, and starts none', async () => {
    let isDone = false;
    const { changed, runs, untilRuns, stop } = watched({
      work: async run => {
        if (run !== 2) return;
        await quiet();
        isDone = true;
      },
    });
    await untilRuns(1);
    changed('a');
    await vi.waitUntil(() => runs.length === 2, { interval: 1, timeout: 20_000 });
    changed('b');
    await stop();
    expect(isDone).toBe(true);
    expect(runs).toEqual(['all', 'some a']);
  });

  test('it does not wait for the next try', async () => {
    const { failures, stop } = watched({
      timing: { firstRetryMilliseconds: 3_600_000 },
      work: () => {
        throw refused();
      },
    });
    await vi.waitUntil(() => failures.length === 1, { interval: 1, timeout: 20_000 });
    await stop();
    expect(failures).toEqual([3_600_000]);
  });

  test('before it begins, it does nothing', async () => {
    const runs: string[] = [];
    const work = async () => void runs.push('run');
    const loop = syncLoop({ all: work, some: work, isUnsettled: () => false }, timing, {
      onSynced: () => {},
      onFailed: () => {},
    });
    await loop.run(AbortSignal.abort());
    expect(runs).toEqual([]);
  });
});
