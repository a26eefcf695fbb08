import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LockScenarios, lockScenarios } from './support/play-lock.js';

let scenarios: LockScenarios;
beforeAll(async () => {
  scenarios = await lockScenarios();
});
afterAll(() => scenarios.remove());

const locked = { waits: 0, isLocked: true };
const lockedAfterWaiting = { waits: 1, isLocked: true };
const givenUp = (seconds: number) => ({
  waits: 1,
  isLocked: false,
  error: {
    message: `another kproxy still works on this node after ${seconds} s`,
    detail: expect.stringMatching(/^It holds (\/run\/kproxy-\d+\.lock); `fuser -v \1` names it\.$/),
    next: 'Nothing was changed. Run kproxy again, or with a longer --lock-timeout.',
    exitCode: 4,
  },
});

describe.each(['', ' through sudo'])(
  'of two kproxies on a node%s',
  how => {
    test('the second waits, says so once, and has its turn', () => {
      expect(scenarios.play(`waits${how}`)).toEqual({ first: locked, wasSettled: false, second: lockedAfterWaiting });
    });

    test('the second gives up after --lock-timeout, with what holds the lock', () => {
      expect(scenarios.play(`gives up${how}`)).toEqual([givenUp(0.1), givenUp(0)]);
    });

    test('the second has its turn when the first is killed', () => {
      expect(scenarios.play(`holder is killed${how}`)).toEqual({
        before: givenUp(0.1),
        after: { ...lockedAfterWaiting, waits: expect.any(Number) },
      });
    });
  },
  60_000,
);

test('a tool that outlives its kproxy holds the lock until it ends', () => {
  expect(scenarios.play('tool outlives its kproxy')).toEqual({
    before: givenUp(0.1),
    after: { ...lockedAfterWaiting, waits: expect.any(Number) },
  });
}, 60_000);

describe('what cannot be locked', () => {
  test('a file that cannot be opened, as an ordinary user’s', () => {
    expect(scenarios.play('cannot be opened')).toEqual({
      waits: 0,
      isLocked: false,
      error: {
        message: expect.stringMatching(/^cannot open \/run\/kproxy-\d+\.lock, which keeps two kproxies from working /),
        detail: expect.stringContaining('EISDIR'),
        next: 'Nothing was changed. Run kproxy as root or with --sudo.',
        exitCode: 4,
      },
    });
  });

  test.each([
    ['flock', '', 'flock is not installed'],
    ['sudo', ' through sudo', 'sudo or flock is not installed'],
  ])('a machine without %s', (_, how, detail) => {
    expect(scenarios.play(`no flock${how}`)).toEqual({
      waits: 0,
      isLocked: false,
      error: {
        message: expect.stringMatching(/^cannot lock \/run\/kproxy-\d+\.lock$/),
        detail,
        next: 'Nothing was changed. flock is in the package util-linux.',
        exitCode: 4,
      },
    });
  });
}, 60_000);
