import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { languages } from '../../../src/tutorial/language.js';
import { acts } from '../../../src/tutorial/lesson/index.js';
import { openPseudoTerminal } from '../../support/pseudo-terminal.js';

const kproxy = fileURLToPath(new URL('../../../dist/kproxy.js', import.meta.url));
const prompt = /(?:lesson> |[a-z-]+[$#] |c> )(?:\S\[\d+G)?$/;
/** Runs a program and says if it leaves the terminal in another mode. */
const script = 'before=$(stty -g); "$@"; code=$?; [ "$before" = "$(stty -g)" ] || echo changed; exit $code';

const ways = [
  { typed: 'q\r', code: 0 },
  { typed: 'exit\r', code: 0 },
  { typed: '\x03', code: 130 },
  { typed: '\x04', code: 0 },
];

/** Starts at a step with recorded answers, leaves, and returns what is then there. */
async function leave(step: string, language: string, typed: string) {
  const folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  const argv = [process.execPath, kproxy, 'tutorial', '--recorded', '--step', step, '--lang', language];
  const terminal = openPseudoTerminal(['sh', '-c', script, 'sh', ...argv], {
    env: { XDG_STATE_HOME: join(folder, 'state'), XDG_RUNTIME_DIR: folder, TMPDIR: folder, LANG: 'C.UTF-8' },
  });
  try {
    await terminal.until(prompt);
    terminal.type(typed);
    const code = await terminal.ended;
    const kept = JSON.parse(readFileSync(join(folder, 'state/kproxy/tutorial.json'), 'utf8'));
    const isTerminalChanged = terminal.screen().includes('changed\r\n');
    return { step, code, isTerminalChanged, kept: kept.step, files: readdirSync(folder) };
  } finally {
    await terminal.close();
    await rm(folder, { recursive: true });
  }
}

const steps = acts.flatMap(act => act.steps.map(({ id }) => id));

// Two at a time: most of it is the start of the program.
test.each([0, 1])('the lesson is left cleanly at each step, half %d', { concurrent: true }, async half => {
  for (const [index, step] of steps.entries()) {
    if (index % 2 !== half) continue;
    const { typed, code } = ways[(index >> 1) % ways.length] ?? { typed: '', code: 0 };
    const left = await leave(step, languages[(index >> 3) % languages.length] ?? 'en', typed);
    expect(left).toEqual({ step, code, isTerminalChanged: false, kept: step, files: ['state'] });
  }
});

test('a lesson whose progress cannot be kept does not say that it is', async () => {
  const terminal = openPseudoTerminal([process.execPath, kproxy, 'tutorial', '--recorded', '--step', 'pods'], {
    env: { XDG_STATE_HOME: '/dev/null', LANG: 'C.UTF-8', NO_COLOR: '1' },
  });
  await terminal.until(prompt);
  terminal.type('q\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain('Your progress cannot be kept in /dev/null/kproxy/tutorial.json: ENOTDIR');
  expect(terminal.screen()).toMatch(/To go on at step 3 [\s\S]*kproxy\s+tutorial\s+--step\s+3\s+$/);
});
