import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OfferedShells, offerShells } from '../../../src/tutorial/share/offer-shells.js';
import { openPseudoTerminal, type PseudoTerminal } from '../../support/pseudo-terminal.js';
import { bundleJoinProgram } from '../../tutorial/share/support/bundle-join-program.js';
import { useSandbox } from '../support/guest.js';
import { processesWith } from '../support/processes.js';

const sandbox = useSandbox();

let parent: string;
let program: string;
let lesson: OfferedShells;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  program = await bundleJoinProgram(parent);
  const offer = await offerShells({
    folder: join(parent, 'kproxy'),
    openShell(hostname, { size, environment, onOutput }) {
      const env = { ...environment, PS1: 'prompt> ' };
      const { ended, ...terminal } = sandbox().openTerminal(['sh', '-i'], { size, env, hostname, onOutput });
      return { ...terminal, ended: ended.then(({ exitCode }) => exitCode) };
    },
  });
  if (offer.kind !== 'offered') throw new Error(offer.kind);
  lesson = offer;
});
afterAll(async () => {
  await lesson.close();
  rmSync(parent, { recursive: true });
});

/** Joins on a terminal and waits for the prompt. */
async function joinLesson(): Promise<PseudoTerminal> {
  const terminal = openPseudoTerminal([process.execPath, program, join(parent, 'kproxy')]);
  await terminal.until(/prompt> $/);
  return terminal;
}

test('a shell of a lesson in another terminal interrupts a loop, follows the window, and ends', async () => {
  const { type, until, resize, ended } = await joinLesson();
  type('hostname; while :; do echo turn; sleep 0.1; done\r');
  await until(/\ninajob\r\nturn\r\nturn\r\n/);
  type('\x03');
  await until(/\^C\r\nprompt> $/);
  resize({ columns: 99, rows: 33 });
  type('stty size\r');
  await until(/stty size\r\n33 99\r\nprompt> $/);
  type('exit 5\r');
  expect(await ended).toBe(5);
});

test('a full-screen program looks as on its own terminal', async () => {
  const { type, until, ended } = await joinLesson();
  type('stty -onlcr; printf "a\\nb"; stty onlcr\r');
  expect(await until(/prompt> $/)).toContain('\r\na\nb');
  type('exit\r');
  expect(await ended).toBe(0);
});

test('what runs in the shell ends with its window', async () => {
  const { type, until, hangUp, ended } = await joinLesson();
  type('sleep 1234\r');
  await until(/sleep 1234\r\n/);
  await expect.poll(() => processesWith(sandbox(), 'sleep 1234'), { timeout: 30_000 }).toHaveLength(1);
  hangUp();
  await ended;
  await expect.poll(() => processesWith(sandbox(), 'sleep 1234'), { timeout: 30_000 }).toEqual([]);
});

test('a shell gets new machines, and ends with the lesson', async () => {
  const { until, ended, type } = await joinLesson();
  await lesson.whileRestarting(async () => {});
  await until(/The machines are new\.\r\nprompt> $/);
  type('echo again\r');
  await until(/again\r\nprompt> $/);
  await lesson.close();
  await until(/The lesson has ended\.\r\n$/);
  expect(await ended).toBe(0);
});
