import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Measured, machineText, readmeTable } from './readme-table.js';

/** Keeps the figures beside the benchmark, and writes them into the README between its marks. A test compares the two. */
export async function record(measured: Measured): Promise<void> {
  await writeFile('scripts/bench/measured.json', `${JSON.stringify(measured, null, 2)}\n`);
  const text = `<!-- figures -->\n\nMeasured on ${machineText(measured)}:\n\n${readmeTable(measured)}\n\n<!-- end of figures -->`;
  const readme = await readFile('README.md', 'utf8');
  await writeFile(
    'README.md',
    readme.replace(/<!-- figures -->[\s\S]*<!-- end of figures -->/, () => text),
  );
  await promisify(execFile)('node_modules/.bin/biome', [
    'format',
    '--write',
    'README.md',
    'scripts/bench/measured.json',
  ]);
}
