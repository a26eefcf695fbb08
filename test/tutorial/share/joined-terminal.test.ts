import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OfferedShells, offerShells } from '../../../src/tutorial/share/offer-shells.js';
import { openPseudoTerminal, type PseudoTerminal } from '../../support/pseudo-terminal.js';
import { bundleJoinProgram } from './support/bundle-join-program.js';
import { createFakeShells, type FakeShell } from './support/fake-shells.js';

let parent: string;
let program: string;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  program = await bundleJoinProgram(parent);
});
afterAll(() => rmSync(parent, { recursive: true }));

let fakes: ReturnType<typeof createFakeShells>;
let lesson: OfferedShells;
let terminal: PseudoTerminal;
beforeEach(async () => {
  fakes = createFakeShells();
  const folder = join(parent, 'kproxy');
  const offer = await offerShells({ folder, openShell: fakes.openShell });
  if (offer.kind !== 'offered') throw new Error(offer.kind);
  lesson = offer;
  const script = '"$@"; echo "code $?"; stty -a; echo over';
  terminal = openPseudoTerminal(['sh', '-c', script, 'sh', process.execPath, program, folder], {
    size: { columns: 71, rows: 19 },
    env: { TERM: 'vt100' },
  });
});
afterEach(async () => {
  await terminal.close();
  await lesson.close();
});

async function openedShell(): Promise<FakeShell> {
  await expect.poll(() => fakes.shells.length, { timeout: 10_000 }).toBe(1);
  return fakes.shells[0] as FakeShell;
}

/** Waits for the end. Returns the settings of the terminal that a shell needs. */
async function settingsAtTheEnd(): Promise<readonly string[]> {
  const text = await terminal.until(/over\r\n/);
  return text.match(/-?\b(?:icanon|echo|isig|opost)\b/g) ?? [];
}

test('a terminal is raw while it is joined: keys go to the shell, and sizes follow the window', async () => {
  const shell = await openedShell();
  expect(shell.options).toMatchObject({ size: { columns: 71, rows: 19 }, environment: { TERM: 'vt100' } });
  shell.show('inajob# ');
  await terminal.until(/inajob# $/);
  shell.show('a\nb\r\n');
  expect(await terminal.until(/b\r*\n/)).toBe('a\nb\r\n');
  terminal.type('\x03\x1a\x04a\r');
  await expect.poll(() => shell.events.slice(1).join()).toBe('type \x03\x1a\x04a\r');
  terminal.resize({ columns: 132, rows: 50 });
  await expect.poll(() => shell.events.at(-1)).toBe('size 132x50');
  shell.end(7);
  await terminal.until(/code 7\r\n/);
  expect(await settingsAtTheEnd()).toEqual(['opost', 'isig', 'icanon', 'echo']);
});

test('a terminal is restored when the lesson ends', async () => {
  const shell = await openedShell();
  shell.show('ready');
  await terminal.until(/ready/);
  await lesson.close();
  await terminal.until(/The lesson has ended\.\r\ncode 0\r\n/);
  expect(await settingsAtTheEnd()).toEqual(['opost', 'isig', 'icanon', 'echo']);
});

test('a terminal is restored by an exception', async () => {
  const shell = await openedShell();
  shell.show('ready');
  await terminal.until(/ready/);
  const [, id] = /process (\d+)/.exec(terminal.screen()) ?? [];
  process.kill(Number(id), 'SIGUSR2');
  await terminal.until(/Error: a bug[\s\S]*code 1\r\n/);
  expect(await settingsAtTheEnd()).toEqual(['opost', 'isig', 'icanon', 'echo']);
  await expect.poll(() => shell.events.at(-1)).toBe('hang up');
});

test('a shell ends with the window', async () => {
  const shell = await openedShell();
  terminal.hangUp();
  await expect.poll(() => shell.events.at(-1), { timeout: 10_000 }).toBe('hang up');
});
