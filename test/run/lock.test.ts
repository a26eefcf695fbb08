import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LockScenarios, lockScenarios } from './support/play-lock.js';

let scenarios: LockScenarios;
beforeAll(async () => {
  scenarios = await lockScenarios();
});
afterAll(() => scenarios.remove());

const locked = { waits: 0, isLocked: true };
const lockedAfterWaiting = { waits: 1, isLocked: true };
const timedOut = (seconds: number) => ({
  waits: 1,
  isLocked: false,
  error: {
    message: `another kproxy still works on this node after ${seconds} s`,
    evidence: expect.stringMatching(
      /^\/run\/kproxy\/lock\/\d+: process \d+ \(.*scenarios\.mjs .*\) holds it since 2\d{3}-.*Z$/,
    ),
    advice: 'Nothing was changed. Run kproxy again, or with a longer --lock-timeout.',
    code: 'lock-held',
  },
});

describe.each(['', ' through sudo'])(
  'of two kproxies on a node%s',
  how => {
    test('the second waits, reports so once, and gets the lock', () => {
      expect(scenarios.play(`waits${how}`)).toEqual({ first: locked, wasSettled: false, second: lockedAfterWaiting });
    });

    test('the second fails after --lock-timeout, and names the lock', () => {
      expect(scenarios.play(`gives up${how}`)).toEqual([timedOut(0.1), timedOut(0)]);
    });

    test('the second gets the lock when the first is killed', () => {
      expect(scenarios.play(`holder is killed${how}`)).toEqual({
        before: timedOut(0.1),
        after: { ...lockedAfterWaiting, waits: expect.any(Number) },
      });
    });
  },
  60_000,
);

test.each([
  ['direct', /^\/run\/kproxy\/lock\/\d+: held by process \d+ \(sleep 50\)$/],
  ['shell', /^\/run\/kproxy\/lock\/\d+: held by process \d+ \(.*\/bin\/sh .*\), process \d+ \(sleep 50\)$/],
])(
  'a tool that outlives its kproxy holds the lock until it ends, and is named: %s runner',
  (runner, holder) => {
    const before = timedOut(0.1);
    expect(scenarios.play(`tool outlives its kproxy, ${runner}`)).toEqual({
      before: { ...before, error: { ...before.error, evidence: expect.stringMatching(holder) } },
      after: { ...lockedAfterWaiting, waits: expect.any(Number) },
    });
  },
  60_000,
);

describe('what another user could put in the way', () => {
  const unavailable = (evidence: RegExp) => ({
    waits: 0,
    isLocked: false,
    error: {
      message: expect.stringMatching(/^cannot open \/run\/kproxy\/lock\/\d+, which keeps two kproxies from working /),
      evidence: expect.stringMatching(evidence),
      advice: expect.stringMatching(/^Nothing was changed\. Make \/run writable for root, and remove /),
      code: 'lock-unavailable',
    },
  });

  test.each(['', ' through sudo'])('nobody else may open the lock%s', how => {
    const [folder, file] = scenarios.play(`modes${how}`) as [string, string];
    expect(folder).toBe('700');
    if (how === '') expect(file).toBe('600');
  });

  test('a link in the place of the file is not followed', () => {
    expect(scenarios.play('a link in the place of the file')).toEqual({ ...unavailable(/^ELOOP/), target: 'kept\n' });
  });

  test('a link in the place of the folder is not followed', () => {
    expect(scenarios.play('a link in the place of the folder')).toEqual({
      ...unavailable(/^\/run\/kproxy is not a folder$/),
      there: [],
    });
  });

  test('a folder in which others may write is refused, and one of the service manager is not', () => {
    expect(scenarios.play('a folder that others may write in')).toEqual(
      unavailable(/^other users may use \/run\/kproxy \(mode 777\)$/),
    );
    expect(scenarios.play('a folder of the service manager')).toEqual(locked);
  });

  test('the file of an older kproxy is waited for, unless other users could hold it', () => {
    const before = timedOut(0.1);
    expect(scenarios.play('an older kproxy holds its own file')).toEqual({
      before: {
        ...before,
        error: {
          ...before.error,
          evidence: expect.stringMatching(/^\/run\/kproxy-\d+\.lock: held by process .*sleep 50/),
        },
      },
      after: { ...lockedAfterWaiting, waits: expect.any(Number) },
    });
    expect(scenarios.play('anybody holds a readable file of an older kproxy')).toEqual(locked);
  });
}, 60_000);

describe('what cannot be locked', () => {
  test('a file that cannot be opened', () => {
    expect(scenarios.play('cannot be opened')).toEqual({
      waits: 0,
      isLocked: false,
      error: {
        message: expect.stringMatching(/^cannot open \/run\/kproxy\/lock\/\d+, which keeps two kproxies from working /),
        evidence: expect.stringContaining('EISDIR'),
        advice: expect.stringMatching(/^Nothing was changed\. Make \/run writable for root, and remove /),
        code: 'lock-unavailable',
      },
    });
  });

  test.each([
    ['flock', '', 'flock is not installed'],
    ['sudo', ' through sudo', 'sudo or flock is not installed'],
  ])('a machine without %s', (_, how, evidence) => {
    expect(scenarios.play(`no flock${how}`)).toEqual({
      waits: 0,
      isLocked: false,
      error: {
        message: expect.stringMatching(/^cannot lock \/run\/kproxy\/lock\/\d+$/),
        evidence,
        advice: 'Nothing was changed. flock is in the package util-linux.',
        code: 'lock-unavailable',
      },
    });
  });
}, 60_000);
