import { readFile } from 'node:fs/promises';
import type { Figure } from '../shared/figures.js';
import { recordRun } from '../shared/record.js';
import { nodeTable } from './node-table.js';
import { type BenchmarkRun, machineText, readmeTable } from './readme-table.js';

/** The last recorded run with each version of Node, by its major number. */
export type MeasuredRuns = Readonly<Record<string, BenchmarkRun>>;

const file = 'scripts/bench/measured.json';

/** Writes the figures to measured.json and into the README, beside those of other versions of Node. */
export async function record(run: BenchmarkRun): Promise<void> {
  const [major = ''] = run.machine.node.split('.');
  const before = JSON.parse(await readFile(file, 'utf8')) as MeasuredRuns;
  const runs = { ...before, [major]: withKept(run, before[major]) };
  await recordRun({ file, run: runs, mark: 'figures', paragraphs: paragraphsOf(runs) });
}

/** Returns a run with the figures that it did not measure, from one before on the same machine with the same Node. */
export function withKept(run: BenchmarkRun, before: BenchmarkRun | undefined): BenchmarkRun {
  const { model, node } = run.machine;
  if (before === undefined || before.machine.model !== model || before.machine.node !== node) return run;
  const keyOf = ({ size, name }: Figure): string => `${size} ${name}`;
  const figures = new Map([...before.figures, ...run.figures].map(figure => [keyOf(figure), figure]));
  return { ...run, figures: [...figures.values()] };
}

/** Returns what the README says: all figures of the oldest Node, for which the budgets are, and the ratios of each. */
export function paragraphsOf(runs: MeasuredRuns): readonly string[] {
  const [oldest, ...later] = Object.values(runs);
  if (oldest === undefined) return [];
  const all = [`Measured on ${machineText(oldest)}:`, readmeTable(oldest)];
  return later.length === 0
    ? all
    : [...all, 'With other versions of Node, on the same machine:', nodeTable([oldest, ...later])];
}
