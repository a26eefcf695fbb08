import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGuestCommand } from '../../src/sandbox/guest-command.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start(timeoutMilliseconds?: number) {
  const signals: string[] = [];
  const command = createGuestCommand({
    argv: ['serve', '80'],
    timeoutMilliseconds,
    waitMilliseconds: 90_000,
    sendSignal: name => signals.push(name),
  });
  return { command, signals };
}

describe('untilOutput', () => {
  test('resolves once the output matches, even across chunks', async () => {
    const { command } = start();
    const ready = command.untilOutput(/ready/);
    command.onOutput(Buffer.from('rea'));
    command.onOutput(Buffer.from('dy\n'));
    await ready;
    await command.untilOutput(/^ready$/m);
  });

  test.each([
    [undefined, '90 s'],
    [5_000, '5 s'],
  ])('with the limit %s says what it waited for, and how long', async (timeoutMilliseconds, text) => {
    const { command } = start();
    command.onErrorOutput(Buffer.from('busy\n'));
    const options = timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds };
    const wait = expect(command.untilOutput(/ready/, options)).rejects.toMatchObject({
      code: 'sandbox-failed',
      message: `serve 80 printed nothing that matches /ready/ within ${text}`,
      evidence: 'busy',
    });
    await vi.advanceTimersByTimeAsync(timeoutMilliseconds ?? 90_000);
    await wait;
  });

  test('rejects if the command ends without a match, also afterwards', async () => {
    const { command } = start();
    const wait = command.untilOutput(/ready/);
    command.onExit(1, 0);
    const error = { code: 'sandbox-failed', message: 'serve 80 ended with exit code 1 before the expected output' };
    await expect(wait).rejects.toMatchObject(error);
    await expect(command.untilOutput(/ready/)).rejects.toMatchObject(error);
    expect((await command.result).exitCode).toBe(1);
  });
});

describe('a command with a timeout', () => {
  test('is killed at its timeout', async () => {
    const { command, signals } = start(300);
    await vi.advanceTimersByTimeAsync(299);
    expect(signals).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(signals).toEqual(['KILL']);
    command.onExit(0, 9);
    expect(await command.result).toMatchObject({ exitCode: 137, timedOut: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is given up if the guest does not report its end after the kill', async () => {
    const { command } = start(300);
    const result = expect(command.result).rejects.toMatchObject({
      code: 'sandbox-failed',
      message: 'serve 80 did not end within 90 s of SIGKILL in the sandbox',
    });
    await vi.advanceTimersByTimeAsync(300 + 90_000);
    await result;
  });

  test('leaves no timer if it ends in time', async () => {
    const { command } = start(300);
    command.onExit(0, 0);
    expect(await command.result).toMatchObject({ exitCode: 0, timedOut: false });
    expect(vi.getTimerCount()).toBe(0);
  });
});
