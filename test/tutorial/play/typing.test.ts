import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPseudoTerminal, type PseudoTerminal } from '../../support/pseudo-terminal.js';

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  program = join(folder, 'typing.mjs');
  const source = fileURLToPath(new URL('support/typing-program.ts', import.meta.url));
  await build({ entryPoints: [source], outfile: program, bundle: true, platform: 'node', format: 'esm' });
});
afterAll(() => rm(folder, { recursive: true }));

let terminal: PseudoTerminal;
afterEach(() => terminal.close());

async function open(env: Readonly<Record<string, string>> = {}): Promise<PseudoTerminal> {
  terminal = openPseudoTerminal([process.execPath, program], { env: { TERM: 'xterm', ...env } });
  await terminal.until(/Ask\$ /);
  return terminal;
}

/** Returns the next thing that the learner typed, as the program understood it. */
async function next({ until }: PseudoTerminal): Promise<unknown> {
  const [json = ''] = /\{"kind".*\}/.exec(await until(/\{"kind".*\}\r\n/)) ?? [];
  return JSON.parse(json);
}

const line = (text: string) => ({ kind: 'line', text });
const [enter, ctrlC, ctrlD, ctrlZ, up, left, backspace] = ['\r', '\x03', '\x04', '\x1a', '\x1b[A', '\x1b[D', '\x7f'];

describe('on a terminal', () => {
  test('a line can be edited, with wide characters too', async () => {
    const lesson = await open();
    lesson.type(`kubectl 取得${left}x${backspace}する${enter}`);
    expect(await next(lesson)).toEqual(line('kubectl 取する得'));
  });

  test('characters that arrive together are inserted at the cursor', async () => {
    const lesson = await open();
    lesson.type(`ab${left}`);
    await lesson.until(/ab/);
    lesson.type('日本');
    await lesson.until(/日本/);
    lesson.type(enter);
    expect(await next(lesson)).toEqual(line('a日本b'));
  });

  test('Ctrl-Z stops the program, and the shell continues it at its prompt', async () => {
    terminal = openPseudoTerminal(['sh', '-mc', `"$0" "$1"; echo stopped; fg`, process.execPath, program], {
      env: { TERM: 'xterm' },
    });
    await terminal.until(/Ask\$ /);
    terminal.type('ha');
    await terminal.until(/ha/);
    terminal.type(ctrlZ);
    await terminal.until(/stopped[\s\S]*Ask\$ ha/);
    terminal.type(`lf${enter}`);
    expect(await next(terminal)).toEqual(line('half'));
  });

  test('Ctrl-Z does nothing if no shell could continue the program', async () => {
    const lesson = await open();
    lesson.type(ctrlZ);
    await lesson.until(/Ask\$ /);
    lesson.type(`once${enter}`);
    expect(await next(lesson)).toEqual(line('once'));
    // The terminal itself would echo the line as a whole.
    expect(lesson.screen()).not.toMatch(/once\r\n/);
  });

  test('a long line is read at once', async () => {
    const lesson = await open();
    const text = 'echo '.repeat(4_000);
    lesson.type(`${text}${enter}`);
    expect(await next(lesson)).toEqual(line(text));
  });

  test('an earlier command comes back, but not a key', async () => {
    const lesson = await open();
    lesson.type(`ipvsadm -Ln${enter}`);
    expect(await next(lesson)).toEqual(line('ipvsadm -Ln'));
    await lesson.until(/Ask\$ /);
    lesson.type(`h${enter}`);
    expect(await next(lesson)).toEqual(line('h'));
    await lesson.until(/Ask\$ /);
    lesson.type(`${up}${enter}`);
    expect(await next(lesson)).toEqual(line('ipvsadm -Ln'));
  });

  test('a paste of several lines is read line by line', async () => {
    const lesson = await open();
    lesson.type(`more${enter}first${enter}${enter}last${enter}end${enter}after${enter}`);
    const texts: unknown[] = [];
    for (let count = 0; count < 6; count += 1) texts.push(await next(lesson));
    expect(texts).toEqual(['more', 'first', '', 'last', 'end', 'after'].map(line));
  });

  test('Enter that was pressed while a command ran does not count, and other text does', async () => {
    const lesson = await open();
    lesson.type(`nap${enter}`);
    expect(await next(lesson)).toEqual(line('nap'));
    lesson.type(`${enter}${enter}ls${enter}`);
    expect(await next(lesson)).toEqual(line('ls'));
  });

  test('Ctrl-C while something runs interrupts only that', async () => {
    const lesson = await open();
    lesson.type(`busy${enter}`);
    await lesson.until(/working/);
    lesson.type(ctrlC);
    await lesson.until(/interrupted\r\n.*Ask\$ /);
    lesson.type(`ls${enter}`);
    expect(await next(lesson)).toEqual(line('ls'));
  });

  test('Ctrl-C drops what was typed, and ends if nothing was', async () => {
    const lesson = await open();
    lesson.type(`half a li${ctrlC}`);
    expect(await next(lesson)).toEqual({ kind: 'interrupted', isSomethingDropped: true });
    await lesson.until(/Ask\$ /);
    lesson.type(ctrlC);
    expect(await next(lesson)).toEqual({ kind: 'interrupted', isSomethingDropped: false });
    expect(await lesson.ended).toBe(0);
  });

  test('Ctrl-C in a further line drops the whole command', async () => {
    const lesson = await open();
    lesson.type(`more${enter}`);
    await lesson.until(/> /);
    lesson.type(ctrlC);
    expect(await next(lesson)).toEqual({ kind: 'interrupted', isSomethingDropped: true });
  });

  test('Ctrl-D ends', async () => {
    const lesson = await open();
    lesson.type(ctrlD);
    expect(await next(lesson)).toEqual({ kind: 'ended' });
    expect(await lesson.ended).toBe(0);
  });

  test('a shell has the terminal for itself, in the usual mode, and gives it back', async () => {
    const lesson = await open();
    lesson.type(`hand${enter}`);
    await lesson.until(/\r\nicanon/);
    lesson.type(`for the shell${enter}`);
    await lesson.until(/shell: for the shell\r\nreturned\r\n.*Ask\$ /);
    lesson.type(`li${left}s${enter}`);
    expect(await next(lesson)).toEqual(line('lsi'));
  });

  test('another width keeps what is typed', async () => {
    const lesson = await open();
    lesson.type('a line that is typed');
    await lesson.until(/typed/);
    lesson.resize({ columns: 12, rows: 10 });
    await lesson.until(/Ask\$ /);
    lesson.type(` on${enter}`);
    expect(await next(lesson)).toEqual(line('a line that is typed on'));
  });

  test('another width while a command runs prints nothing', async () => {
    const lesson = await open();
    lesson.type(`busy${enter}`);
    await lesson.until(/working\r\n/);
    const before = lesson.screen().length;
    lesson.resize({ columns: 12, rows: 10 });
    lesson.type(ctrlC);
    await lesson.until(/interrupted/);
    expect(lesson.screen().slice(before)).toMatch(/^interrupted/);
  });

  test('the loss of the terminal ends', async () => {
    const lesson = await open();
    lesson.hangUp();
    expect(await lesson.ended).not.toBe(137);
  });
});

describe('on a terminal that only prints', () => {
  test('lines are read without moving the cursor', async () => {
    const lesson = await open({ TERM: 'dumb' });
    lesson.type(`lss${backspace}${enter}`);
    expect(await next(lesson)).toEqual(line('ls'));
    lesson.type(`more${enter}`);
    expect(await next(lesson)).toEqual(line('more'));
    await lesson.until(/> /);
    expect(lesson.screen()).not.toContain('\x1b');
  });

  test('Ctrl-C interrupts a command, and ends at a prompt', async () => {
    const lesson = await open({ TERM: 'dumb' });
    lesson.type(`busy${enter}`);
    await lesson.until(/working/);
    lesson.type(ctrlC);
    await lesson.until(/interrupted\r\nAsk\$ /);
    lesson.type(ctrlC);
    expect(await next(lesson)).toEqual({ kind: 'interrupted', isSomethingDropped: false });
    expect(await lesson.ended).toBe(0);
  });

  test('Ctrl-D ends', async () => {
    const lesson = await open({ TERM: 'dumb' });
    lesson.type(ctrlD);
    expect(await next(lesson)).toEqual({ kind: 'ended' });
    expect(await lesson.ended).toBe(0);
  });
});
