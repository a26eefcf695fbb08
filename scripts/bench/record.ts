import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type BenchmarkRun, machineText, readmeTable } from './readme-table.js';

const recordFile = 'scripts/bench/measured.json';
const readmeSection = /<!-- figures -->[\s\S]*<!-- end of figures -->/;

/**
 * Writes the figures to a file beside the benchmark and into the README, between its marks. A test compares the two.
 */
export async function record(run: BenchmarkRun): Promise<void> {
  await writeFile(recordFile, `${JSON.stringify(run, null, 2)}\n`);
  const readme = await readFile('README.md', 'utf8');
  await writeFile(
    'README.md',
    readme.replace(readmeSection, () => sectionOf(run)),
  );
  await promisify(execFile)('node_modules/.bin/biome', ['format', '--write', 'README.md', recordFile]);
}

const sectionOf = (run: BenchmarkRun): string =>
  ['<!-- figures -->', `Measured on ${machineText(run)}:`, readmeTable(run), '<!-- end of figures -->'].join('\n\n');
