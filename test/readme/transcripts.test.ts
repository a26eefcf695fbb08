import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renewTranscripts } from '../../scripts/readme/transcripts.js';
import { openStage, type Stage } from '../../scripts/shared/stage.js';
import { bootMilliseconds } from '../kernel/support/guest.js';

const project = new URL('../../', import.meta.url).pathname;
let stage: Stage | undefined;
beforeAll(async () => {
  stage = await openStage();
}, bootMilliseconds);
afterAll(async () => stage?.close(), bootMilliseconds);
test('the README shows what its commands print', async () => {
  const text = await readFile(`${project}README.md`, 'utf8');
  const commands: string[] = [];
  const renewed = await renewTranscripts(text, async (machine, line) => {
    commands.push(line);
    const { stdout, exitCode } = (await stage?.run(machine, line)) ?? {};
    expect({ line, exitCode }).toEqual({ line, exitCode: 0 });
    return stdout ?? '';
  });
  // If an output has changed on purpose, scripts/readme.sh updates the README.
  expect(renewed).toBe(text);
  expect(commands.filter(line => line.startsWith('kproxy ')).length).toBeGreaterThan(3);
}, 120_000);

test('only outputs are replaced, and all of them', async () => {
  const text = 'a\n```console\nnode$ one\nold\n\nnode$ two\n```\nb\n```sh\nnode$ three\n```\n';
  const run = async (machine: string, line: string) => `${machine} ran ${line} (size=7) \n`;
  expect(await renewTranscripts(text, run)).toBe(
    'a\n```console\nnode$ one\nnode ran one (size=4096)\n\nnode$ two\nnode ran two (size=4096)\n```\nb\n' +
      '```sh\nnode$ three\n```\n',
  );
});

test('times and durations are not compared', async () => {
  const text = '```console\nnode$ one\n```\n';
  const run = async () =>
    '2026-11-26T01:02:03.456Z 2 added in 17 ms\n{"currentTime":"2026-11-26T01:02:03Z"}\n10.0.0.1 10 mss\n';
  expect(await renewTranscripts(text, run)).toBe(
    '```console\nnode$ one\nTIME 2 added in N ms\n{"currentTime":"TIME"}\n10.0.0.1 10 mss\n```\n',
  );
});
