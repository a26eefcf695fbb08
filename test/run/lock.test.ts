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
    evidence: expect.stringMatching(/^It holds (\/run\/kproxy-\d+\.lock); `fuser -v \1` names it\.$/),
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

test.each(['direct', 'shell'])(
  'a tool that outlives its kproxy holds the lock until it ends: %s runner',
  runner => {
    expect(scenarios.play(`tool outlives its kproxy, ${runner}`)).toEqual({
      before: timedOut(0.1),
      after: { ...lockedAfterWaiting, waits: expect.any(Number) },
    });
  },
  60_000,
);

describe('what cannot be locked', () => {
  test('a file that cannot be opened, as an ordinary user’s', () => {
    expect(scenarios.play('cannot be opened')).toEqual({
      waits: 0,
      isLocked: false,
      error: {
        message: expect.stringMatching(/^cannot open \/run\/kproxy-\d+\.lock, which keeps two kproxies from working /),
        evidence: expect.stringContaining('EISDIR'),
        advice: 'Nothing was changed. Run kproxy as root or with --sudo.',
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
        message: expect.stringMatching(/^cannot lock \/run\/kproxy-\d+\.lock$/),
        evidence,
        advice: 'Nothing was changed. flock is in the package util-linux.',
        code: 'lock-unavailable',
      },
    });
  });
}, 60_000);
