import { expect, test } from 'vitest';
import type { Shell } from '../../../src/tutorial/lab/lab.js';
import { attachTerminal } from '../../../src/tutorial/share/attach-terminal.js';
import { createFakeShells, type FakeShell } from './support/fake-shells.js';
import { createFakeTerminal } from './support/fake-terminal.js';

type FakeTerminal = ReturnType<typeof createFakeTerminal>;

/** Attaches a terminal to a fake shell. */
function attach(terminal: FakeTerminal, environment?: Record<string, string>) {
  const { shells, openShell } = createFakeShells();
  const ended = attachTerminal({
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    ...(environment && { environment }),
    openShell: options => openShell('inajob', options),
  });
  return { ended, shell: shells[0] as FakeShell };
}

/** Returns how many listeners the streams have, of those that are added. */
const listeners = ({ stdin, stdout }: FakeTerminal) => [
  ...['data', 'end', 'error'].map(name => stdin.listenerCount(name)),
  ...['resize', 'error'].map(name => stdout.listenerCount(name)),
];

test('keys, sizes and output pass between the terminal and the shell until it ends', async () => {
  const terminal = createFakeTerminal();
  const before = listeners(terminal);
  const { ended, shell } = attach(terminal, { TERM: 'xterm' });
  expect(shell.options).toMatchObject({ size: { columns: 71, rows: 19 }, environment: { TERM: 'xterm' } });
  expect(terminal.rawModes).toEqual([true]);
  terminal.type('ls\r\x03');
  await expect.poll(() => shell.events).toEqual(['type ls\r\x03']);
  terminal.resize(132, 50);
  terminal.resize(0, 0);
  expect(shell.events.slice(1)).toEqual(['size 132x50', 'size 80x24']);
  shell.show('a\r\nb');
  shell.end(7);
  expect(await ended).toBe(7);
  expect(terminal.text()).toBe('a\r\nb');
  expect(terminal.rawModes).toEqual([true, false]);
  expect(listeners(terminal)).toEqual(before);
  expect(terminal.stdin.isPaused()).toBe(true);
});

test('the terminal is restored if the shell is lost', async () => {
  const terminal = createFakeTerminal();
  const before = listeners(terminal);
  const { ended, shell } = attach(terminal);
  shell.lose(new Error('the kernel is gone'));
  await expect(ended).rejects.toThrow('the kernel is gone');
  expect(terminal.rawModes).toEqual([true, false]);
  expect(listeners(terminal)).toEqual(before);
});

test('the terminal is restored if no shell opens', async () => {
  const terminal = createFakeTerminal();
  const openShell = (): Shell => {
    throw new Error('no shells here');
  };
  const { stdin, stdout } = terminal;
  await expect(attachTerminal({ stdin, stdout, openShell })).rejects.toThrow('no shells here');
  expect(terminal.rawModes).toEqual([true, false]);
});

test('modes that a killed program leaves behind are switched back', async () => {
  const terminal = createFakeTerminal();
  const { ended, shell } = attach(terminal);
  shell.show('\u001b[?1049h\u001b[?25l');
  shell.end(137);
  await ended;
  expect(terminal.text()).toBe('\u001b[?1049h\u001b[?25l\u001b[?1049l\u001b[?25h');
});

test('the shell is hung up if the terminal is lost', async () => {
  const terminal = createFakeTerminal();
  const { ended, shell } = attach(terminal);
  terminal.endInput();
  expect(await ended).toBe(129);
  expect(shell.events).toEqual(['hang up']);
});

test('the end of a pipe is typed as Ctrl-D, and a pipe has no raw mode', async () => {
  const terminal = createFakeTerminal({ isTTY: false });
  const { ended, shell } = attach(terminal);
  terminal.type('exit 3\n');
  terminal.endInput();
  await expect.poll(() => shell.events.join('')).toBe('type exit 3\ntype \x04\x04');
  shell.show('\u001b[?25l');
  shell.end(3);
  expect(await ended).toBe(3);
  expect(terminal.text()).toBe('\u001b[?25l');
});

test('the end of a pipe is typed again until the shell has ended', async () => {
  const terminal = createFakeTerminal({ isTTY: false });
  const { ended, shell } = attach(terminal);
  terminal.endInput();
  await expect.poll(() => shell.events.join('')).toBe('type \x04\x04type \x04\x04');
  shell.end(0);
  expect(await ended).toBe(0);
});

test('a terminal that was raw before is raw afterwards', async () => {
  const terminal = createFakeTerminal();
  Object.assign(terminal.stdin, { isRaw: true });
  const { ended, shell } = attach(terminal);
  shell.end(0);
  await ended;
  expect(terminal.rawModes).toEqual([true, false, true]);
});
