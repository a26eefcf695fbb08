import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Contestant, Step, Task, Times } from './task.js';

/**
 * Runs the contestants in turn, in reverse order every other round, so that other load on the machine meets all of
 * them.
 */
export async function race({ contestants, rounds }: Extract<Task, { is: 'race' }>): Promise<Times> {
  const times: Record<string, Record<string, number>[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contestants : [...contestants].reverse();
    for (const contestant of order) {
      times[contestant.name] ??= [];
      times[contestant.name]?.push(timesOf(contestant));
    }
  }
  return times;
}

const timesOf = ({ steps }: Contestant): Record<string, number> =>
  Object.fromEntries(steps.map(step => [step.name, milliseconds(step)]));

const outputFile = '/tmp/bench-output';
const errorFile = '/tmp/bench-errors';

function milliseconds({ name, argv, input, exitCode = 0 }: Step): number {
  const [program = '', ...rest] = argv;
  const files = [openSync(input ?? '/dev/null', 'r'), openSync(outputFile, 'w'), openSync(errorFile, 'w')] as const;
  const start = performance.now();
  const result = spawnSync(program, rest, { stdio: [...files] });
  const time = performance.now() - start;
  for (const file of files) closeSync(file);
  if (result.status !== exitCode) throw failure(name, result);
  return time;
}

const failure = (name: string, { status, signal, error }: SpawnSyncReturns<Buffer>): Error =>
  new Error(`${name}: ${error ?? signal ?? `exit code ${status}`}\n${readFileSync(errorFile, 'utf8')}`);
