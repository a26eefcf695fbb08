import { existsSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { openPseudoTerminal, type PseudoTerminal, type PseudoTerminalOptions } from './pseudo-terminal.js';

let terminal: PseudoTerminal;
afterEach(() => terminal.close());

function shell(script: string, options: PseudoTerminalOptions = {}): PseudoTerminal {
  terminal = openPseudoTerminal(['sh', '-c', script], options);
  return terminal;
}

test('a program sees a terminal of the given size and its variables', async () => {
  const { ended, screen } = shell('tty; stty size; echo "$TERM $WORD"; exit 3', {
    size: { columns: 71, rows: 19 },
    env: { WORD: 'given', TERM: 'dumb' },
  });
  expect(await ended).toBe(3);
  expect(screen()).toMatch(/^\/dev\/pts\/\d+\r\n19 71\r\ndumb given\r\n$/);
});

test('what is typed is echoed and arrives, and until waits for what is new', async () => {
  const { type, until, ended } = shell('while read -r line; do echo "<$line>"; done; echo over');
  type('one\r');
  expect(await until(/<one>\r\n/)).toBe('one\r\n<one>\r\n');
  type('two\r');
  expect(await until(/<.*>\r\n/)).toBe('two\r\n<two>\r\n');
  type('\x04');
  expect(await until(/over/)).toContain('over');
  expect(await ended).toBe(0);
});

test('Ctrl-C interrupts, and the exit code is that of a shell', async () => {
  const { type, until, ended } = shell('echo ready; exec sleep 1000');
  await until(/ready/);
  type('\x03');
  expect(await ended).toBe(130);
});

test('a new size is announced to the program', async () => {
  const { resize, until } = shell('trap "stty size" WINCH; echo ready; while :; do sleep 0.05; done');
  await until(/ready/);
  resize({ columns: 132, rows: 50 });
  await until(/50 132\r\n/);
});

test('large output is complete at the end', async () => {
  const { ended, screen } = shell('head -c 300000 /dev/zero | tr "\\0" x; echo; echo over');
  await ended;
  expect(screen()).toBe(`${'x'.repeat(300_000)}\r\nover\r\n`);
});

test('a program that loses its terminal gets SIGHUP', async () => {
  const { until, hangUp, ended } = shell('trap "exit 9" HUP; echo ready; while :; do sleep 0.05; done');
  await until(/ready/);
  hangUp();
  expect(await ended).toBe(9);
});

test('closing kills the background processes too', async () => {
  const { until, close } = shell('trap "" HUP; sleep 1000 & echo "child $!."; wait');
  const child = /child (\d+)\./.exec(await until(/child \d+\./))?.[1];
  await close();
  await expect.poll(() => isRunning(child)).toBe(false);
});

/** A process that has ended may stay as a zombie until its new parent asks for it. */
function isRunning(process: string | undefined): boolean {
  const path = `/proc/${process}/stat`;
  return existsSync(path) && !readFileSync(path, 'utf8').includes(') Z ');
}

test('a wait says what it waited for, and what was there instead', async () => {
  const { until } = shell('echo something else; sleep 1000');
  await until(/something/);
  await expect(until(/never/, 300)).rejects.toThrow('matches /never/ within 0.3 s, but: " else\\r\\n"');
});

test('a wait ends with the program', async () => {
  const { until } = shell('echo short');
  await expect(until(/never/)).rejects.toThrow('matches /never/ before it ended, but: "short\\r\\n"');
});

test('a missing program is reported', async () => {
  terminal = openPseudoTerminal(['no-such-program']);
  expect(await terminal.ended).toBe(127);
  expect(terminal.screen()).toBe('no-such-program: No such file or directory\r\n');
});
