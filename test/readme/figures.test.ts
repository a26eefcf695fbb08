import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type MeasuredRuns, paragraphsOf } from '../../scripts/bench/record.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
/** Without the breaks of lines and the padding of tables, which the formatter chooses. */
const unformatted = (text: string): string => text.replace(/\s+/g, ' ').replace(/-{3,}/g, '---');

test('the README has the figures of the recorded runs of the benchmark', () => {
  const paragraphs = paragraphsOf(JSON.parse(read('scripts/bench/measured.json')) as MeasuredRuns);
  expect(paragraphs.length).toBeGreaterThan(1);
  for (const paragraph of paragraphs) expect(unformatted(read('README.md'))).toContain(unformatted(paragraph));
});
