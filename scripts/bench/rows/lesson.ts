import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Figure } from '../../shared/figures.js';
import { treeMemory } from '../tree-memory.js';

/** The first step's title. */
const firstStep = /\b1\/\d+ /;
/** The address that stays answers for the first time, after the command for it. */
const firstAnswer = /[$#] curl 10\.254\.10\.128\r?\n\S+ saw /;
const sampleMilliseconds = 1_000;

/** Plays the lesson of the built program, and measures how soon and how long it plays, and its memory. */
export async function measureLesson(project: string): Promise<readonly Figure[]> {
  const start = performance.now();
  const since = (): number => (performance.now() - start) / 1_000;
  const lesson = spawn(process.execPath, [join(project, 'dist/kproxy.js'), 'tutorial', '--yes'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen = { start: Number.NaN, answer: Number.NaN, memory: 0 };
  let text = '';
  lesson.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
    if (Number.isNaN(seen.start) && firstStep.test(text)) seen.start = since();
    if (Number.isNaN(seen.answer) && firstAnswer.test(text)) seen.answer = since();
  });
  const timer = setInterval(() => {
    seen.memory = Math.max(seen.memory, treeMemory(lesson.pid ?? 0));
  }, sampleMilliseconds);
  const exitCode = await new Promise<number | null>(resolve => lesson.once('close', resolve));
  clearInterval(timer);
  if (exitCode !== 0) throw new Error(`the lesson ended with ${exitCode}: ${text.slice(-400)}`);
  return [
    { size: '', name: 'lesson: start', value: seen.start, unit: 's', budget: atMost(3) },
    { size: '', name: 'lesson: first answer of the VIP', value: seen.answer, unit: 's', budget: atMost(60) },
    { size: '', name: 'lesson: memory, with its kernel', value: seen.memory, unit: 'MiB', budget: atMost(400) },
    { size: '', name: 'lesson: played through', value: since(), unit: 's' },
  ];
}

const atMost = (limit: number) => ({ of: 'value', limit, is: 'most' }) as const;
