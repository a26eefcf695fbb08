import { recordRun } from '../shared/record.js';
import { type BenchmarkRun, machineText, readmeTable } from './readme-table.js';

/** Writes the figures to measured.json and into the README. */
export const record = (run: BenchmarkRun): Promise<void> =>
  recordRun({
    file: 'scripts/bench/measured.json',
    run,
    mark: 'figures',
    paragraphs: [`Measured on ${machineText(run)}:`, readmeTable(run)],
  });
