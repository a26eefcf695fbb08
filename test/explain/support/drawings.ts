import { expect } from 'vitest';
import type { Explanation, Flow } from '../../../src/explain/explanation.js';
import { paintWith } from '../../../src/output/paint.js';
import { sampleExplanation } from './sample-explanation.js';

export const plain = paintWith(false);
export const inColor = paintWith(true);

export const explanationOf = (...flows: readonly Flow[]): Explanation => ({ ...sampleExplanation, flows });

/** Fails if a line is wider than a terminal, or ends with a blank. */
export function expectCalm(text: string): void {
  const lines = text.split('\n');
  expect(lines.filter(line => [...line].length > 80)).toEqual([]);
  expect(lines.filter(line => line !== line.trimEnd())).toEqual([]);
  expect(text.endsWith('\n')).toBe(true);
  expect(text).not.toMatch(/\n\n\n/);
}

/** Replaces the sample's addresses and names by the widest that a cluster can have. */
export const widened = (explanation: Explanation): Explanation => {
  let text = JSON.stringify(explanation);
  for (const [narrow, wide] of wide4) text = text.replaceAll(narrow, wide);
  return JSON.parse(text) as Explanation;
};

const label = 'a'.repeat(63);
const wide4: readonly (readonly [string, string])[] = [
  ['10.254.10.128', 'fd00:1000:2000:3000:4000:5000:6000:7001'],
  ['10.244.1.3', 'fd00:1111:2222:3333:4444:5555:6666:7002'],
  ['10.244.2.2', 'fd00:1111:2222:3333:4444:5555:6666:7003'],
  ['10.244.1.9', 'fd00:1111:2222:3333:4444:5555:6666:7004'],
  ['10.244.1.1', 'fd00:1111:2222:3333:4444:5555:6666:7005'],
  ['192.168.33.', 'fd00:1111:2222:3333:4444:5555:8888:33'],
  ['default/web-service:http', `${label}/${label}:${'p'.repeat(15)}`],
  ['"inajob"', `"${label}.${label}.${label}.example"`],
];
