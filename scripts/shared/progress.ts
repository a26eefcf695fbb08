import { messageOf } from '../../src/errors.js';
import type { Figure } from './figures.js';
import { lineOf } from './table.js';

export const report = (text: string): void => void process.stderr.write(`${text}\n`);

/**
 * Runs a measurement, and reports its figures while others are still to come. If it fails, reports that and returns
 * nothing, so that the other figures are not lost.
 */
export async function figuresOf(name: string, measure: () => Promise<readonly Figure[]>): Promise<readonly Figure[]> {
  report(`${name} …`);
  try {
    const figures = await measure();
    for (const figure of figures) report(`  ${lineOf(figure)}`);
    return figures;
  } catch (error) {
    report(`${name}: ${messageOf(error)}`);
    process.exitCode = 1;
    return [];
  }
}
