import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BenchmarkRun, machineText, readmeTable } from '../../scripts/bench/readme-table.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const withoutPadding = (table: string): string => table.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

test('the README has the figures of the recorded run of the benchmark', () => {
  const readme = read('README.md');
  const measured = JSON.parse(read('scripts/bench/measured.json')) as BenchmarkRun;
  expect(withoutPadding(readme)).toContain(withoutPadding(readmeTable(measured)));
  expect(readme.replace(/\s+/g, ' ')).toContain(machineText(measured));
});
