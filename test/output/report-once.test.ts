import { expect, test } from 'vitest';
import { reportNew } from '../../src/output/report-once.js';

test('a line is reported when it appears, and again only after it was gone', () => {
  const reported: string[] = [];
  const report = reportNew(line => void reported.push(line));
  for (const lines of [['a'], ['a', 'b'], ['b', 'b'], ['a', 'b'], []]) report(lines);
  expect(reported).toEqual(['a', 'b', 'a']);
});
