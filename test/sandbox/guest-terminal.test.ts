import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createGuestTerminal } from '../../src/sandbox/guest-terminal.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open(timeoutMilliseconds?: number) {
  const frames: (readonly [string, string])[] = [];
  const output: string[] = [];
  const terminal = createGuestTerminal({
    argv: ['sh', '-i'],
    timeoutMilliseconds,
    waitMilliseconds: 90_000,
    onOutput: bytes => output.push(Buffer.from(bytes).toString()),
    send: (type, payload = '') => frames.push([type, Buffer.from(payload as Uint8Array).toString('latin1')]),
  });
  return { terminal, frames, output };
}

test('what is done to a terminal becomes frames, and its output is passed on', async () => {
  const { terminal, frames, output } = open();
  terminal.write('ls\r');
  terminal.write(Buffer.alloc(20_000, 'x'));
  terminal.resize({ columns: 300, rows: 24 });
  terminal.resize({ columns: -1, rows: 1_000_000 });
  terminal.hangUp();
  expect(frames).toEqual([
    ['I', 'ls\r'],
    ['I', 'x'.repeat(16_384)],
    ['I', 'x'.repeat(20_000 - 16_384)],
    ['W', '\x01\x2c\x00\x18'],
    ['W', '\x00\x00\xff\xff'],
    ['H', ''],
  ]);
  terminal.onOutput(Buffer.from('a'));
  terminal.onErrorOutput(Buffer.from('b'));
  expect(output).toEqual(['a', 'b']);
  terminal.onExit(0, 1);
  expect(await terminal.ended).toEqual({ exitCode: 129, timedOut: false });
  expect(vi.getTimerCount()).toBe(0);
});

test('a terminal is killed at its timeout', async () => {
  const { terminal, frames } = open(300);
  await vi.advanceTimersByTimeAsync(300);
  expect(frames).toEqual([['K', 'KILL']]);
  terminal.onExit(0, 9);
  expect(await terminal.ended).toEqual({ exitCode: 137, timedOut: true });
});

test('a terminal that was hung up is given up if the guest does not report its end', async () => {
  const { terminal } = open();
  terminal.hangUp();
  const ended = expect(terminal.ended).rejects.toMatchObject({
    code: 'sandbox-failed',
    message: 'sh -i did not end within 90 s of SIGKILL in the sandbox',
  });
  await vi.advanceTimersByTimeAsync(90_000);
  await ended;
});

test('nothing waits for a terminal that is hung up after its end', async () => {
  const { terminal } = open();
  terminal.onExit(3, 0);
  terminal.hangUp();
  expect(await terminal.ended).toEqual({ exitCode: 3, timedOut: false });
  expect(vi.getTimerCount()).toBe(0);
});

test('a terminal is lost with the sandbox', async () => {
  const { terminal } = open();
  terminal.onLost(new Error('the kernel ended'));
  await expect(terminal.ended).rejects.toThrow('the kernel ended');
});
