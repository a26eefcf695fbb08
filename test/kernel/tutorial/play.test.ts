import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPseudoTerminal, type PseudoTerminal } from '../../support/pseudo-terminal.js';

const kproxy = fileURLToPath(new URL('../../../dist/kproxy.js', import.meta.url));
const [enter, ctrlC, ctrlD] = ['\r', '\x03', '\x04'];
/** The line editor puts the cursor behind the prompt. */
const prompt = /(?:lesson> |[a-z-]+[$#] |c> )(?:\S\[\d+G)?$/;

let folder: string;
const terminals: PseudoTerminal[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) await terminal.close();
  await rm(folder, { recursive: true });
});

const environment = () => ({
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_RUNTIME_DIR: folder,
  LANG: 'C.UTF-8',
  LC_ALL: undefined,
  TERM: 'xterm',
  NO_COLOR: '1',
});

function tutorial(...argv: readonly string[]): PseudoTerminal {
  // As many rows as each page has, so that one Enter goes on to the next.
  const size = { columns: 80, rows: 60 };
  const terminal = openPseudoTerminal([process.execPath, kproxy, 'tutorial', ...argv], { env: environment(), size });
  terminals.push(terminal);
  return terminal;
}

/** Types a line and returns what is printed up to the next prompt. */
async function type(terminal: PseudoTerminal, line: string): Promise<string> {
  terminal.type(`${line}${enter}`);
  return terminal.until(prompt, 60_000);
}

const progress = () => JSON.parse(readFileSync(join(folder, 'state/kproxy/tutorial.json'), 'utf8'));

test('a learner goes through the first steps, leaves, and comes back', async () => {
  const first = tutorial();
  expect(await first.until(prompt)).toMatch(/Linux 6\.\S+ is ready[\s\S]*1\/\d+ {2}Welcome[\s\S]*Enter go on/);
  await type(first, '');
  expect(await type(first, '')).toContain('master$ kubectl get pod -o wide --show-labels');
  expect(await type(first, 'kubectl get nodes')).toContain('yuanying');
  expect(await type(first, '')).toMatch(/web-inajob +1\/1[\s\S]*Done\./);
  first.type(`q${enter}`);
  expect(await first.ended).toBe(0);
  expect(first.screen()).toContain('To go on at step 3');
  expect(progress()).toEqual({ version: 1, step: 'pods', done: ['welcome', 'cast'], isFinished: false });

  const second = tutorial('--lang', 'ja');
  expect(await second.until(prompt)).toMatch(/おかえりなさい[\s\S]*3\/\d+/);
  second.type(ctrlD);
  expect(await second.ended).toBe(0);
});

test('reset and back restore the kernel and the cluster', async () => {
  const lesson = tutorial('--step', 'read-the-order');
  await lesson.until(prompt, 90_000);
  const addLink = 'on inajob ip link add probe type dummy';
  const look = 'ip -br link; kubectl get service -o name';
  await type(lesson, addLink);
  expect(await type(lesson, `on inajob ${look}`)).toMatch(/\bprobe\b[\s\S]*service\/web-service/);
  expect(await type(lesson, 'r')).toMatch(/Restored in/);
  const afterReset = await type(lesson, `on inajob ${look}`);
  expect(afterReset).toMatch(/eth0[\s\S]*service\/web-service/);
  expect(afterReset).not.toMatch(/\bprobe\b/);
  await type(lesson, addLink);
  expect(await type(lesson, 'b')).toMatch(/Restored in/);
  const afterBack = await type(lesson, `on inajob ${look}`);
  expect(afterBack).toContain('eth0');
  expect(afterBack).not.toMatch(/\bprobe\b|service\/web-service/);
});

test('Ctrl-C while the machines are restored leaves the lesson', async () => {
  const lesson = tutorial('--step', 'card');
  await lesson.until(/Restoring all machines/);
  lesson.type(ctrlC);
  expect(await lesson.ended).toBe(130);
  expect(lesson.screen()).toMatch(/To go on at step 58 /);
  expect(readdirSync(folder)).toEqual(['state']);
});

describe('a command that does not end', () => {
  test('is interrupted by Ctrl-C, and the lesson goes on', async () => {
    const lesson = tutorial('--step', 'pods');
    await lesson.until(prompt);
    lesson.type(`cat${enter}`);
    await lesson.until(/cat\r+\n/);
    await new Promise(resolve => setTimeout(resolve, 500));
    lesson.type(ctrlC);
    expect(await lesson.until(prompt)).toContain('The command was interrupted.');
    lesson.type(ctrlC);
    expect(await lesson.ended).toBe(130);
  });
});

test('a second terminal opens a shell in the running lesson, and the lesson sees what it did', async () => {
  const lesson = tutorial('--step', 'cast');
  await lesson.until(prompt);
  const shell = tutorial('shell', 'inajob');
  await shell.until(/inajob[$#] $/);
  shell.type(`hostname; echo $((40 + 2))${enter}`);
  await shell.until(/inajob\r\n42\r\n/);
  lesson.type(`q${enter}`);
  expect(await lesson.ended).toBe(0);
  expect(await shell.ended).toBe(0);
  expect(shell.screen()).toContain('The lesson has ended, and its machines with it.');
});

test('the own shell gets the whole terminal and gives it back', async () => {
  const lesson = tutorial('--step', 'pods');
  await lesson.until(prompt);
  lesson.type(`s client-inajob${enter}`);
  await lesson.until(/client-inajob[$#] $/);
  // Only a program that answers is known to have the terminal already.
  lesson.type(`echo begun; cat${enter}`);
  await lesson.until(/begun\r\n$/);
  lesson.type(`one${enter}`);
  await lesson.until(/one\r\none\r\n$/);
  lesson.type(ctrlC);
  await lesson.until(/client-inajob[$#] $/);
  lesson.type(ctrlD);
  expect(await lesson.until(/master\$ .*$/)).toContain('Back in the lesson.');
  lesson.type(`quit${enter}`);
  expect(await lesson.ended).toBe(0);
});

test('nothing is left behind, however the lesson ends', async () => {
  const ends: Readonly<Record<string, (lesson: PseudoTerminal) => void>> = {
    'the key q': lesson => lesson.type(`q${enter}`),
    'Ctrl-C': lesson => lesson.type(ctrlC),
    'the loss of the terminal': lesson => lesson.hangUp(),
    SIGKILL: lesson => void lesson.close(),
  };
  const codes = { 'the key q': 0, 'Ctrl-C': 130, 'the loss of the terminal': 129, SIGKILL: 137 } as Record<
    string,
    number
  >;
  for (const [name, end] of Object.entries(ends)) {
    const lesson = tutorial('--fresh');
    await lesson.until(prompt);
    expect(existsSync(join(folder, 'kproxy/tutorial.sock')), name).toBe(true);
    end(lesson);
    expect(await lesson.ended, name).toBe(codes[name]);
    await expect.poll(() => readdirSync(folder).sort(), { message: name, timeout: 10_000 }).toEqual(['state']);
  }
});

test('a terminal that only prints gets no control sequences', async () => {
  const lesson = openPseudoTerminal([process.execPath, kproxy, 'tutorial'], {
    env: { ...environment(), TERM: 'dumb' },
  });
  terminals.push(lesson);
  await lesson.until(/lesson> $/);
  // The first page has more than 24 rows.
  expect(await type(lesson, '')).toMatch(/^\r\n\r\nThe line at the foot/);
  expect(await type(lesson, '')).toContain('2/');
  lesson.type(`exit${enter}`);
  expect(await lesson.ended).toBe(0);
  expect(lesson.screen()).not.toContain('\x1b');
});

test('without a terminal, recorded answers are played, and said to be recorded', async () => {
  const argv = [kproxy, 'tutorial', '--recorded', '--lang', 'ja'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, {
    env: { ...process.env, LANG: 'C.UTF-8' },
  });
  expect(stderr).toBe('kproxy: no kernel runs here: the answers are recorded ones\n');
  expect(stdout).toContain('web-yuanying saw 192.168.33.11');
  expect(stdout).not.toMatch(prompt);
});

test('a reader of the output that stops early ends the lesson', async () => {
  const script = '"$0" "$1" tutorial --yes --recorded 2>/dev/null | head -n 3; echo over';
  const { stdout } = await promisify(execFile)('sh', ['-c', script, process.execPath, kproxy]);
  expect(stdout).toMatch(/over\n$/);
});
