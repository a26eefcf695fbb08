import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ApiBenchmarkRun, clusterText, manyNodesText, readmeTable } from '../../scripts/bench-api/readme-table.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const withoutPadding = (table: string): string => table.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

test('the README has the figures of the recorded run of the benchmark of the API server', () => {
  const readme = read('README.md');
  const measured = JSON.parse(read('scripts/bench-api/measured.json')) as ApiBenchmarkRun;
  expect(withoutPadding(readme)).toContain(withoutPadding(readmeTable(measured)));
  expect(readme.replace(/\s+/g, ' ')).toContain(clusterText(measured));
  expect(readme.replace(/\s+/g, ' ')).toContain(manyNodesText(measured));
});
