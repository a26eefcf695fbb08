import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TestSpecification } from 'vitest/node';
import { LongestFirst, longestFiles } from '../support/longest-first.js';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const config = { root, sequence: { groupOrder: 0 }, isolate: true };
const specification = (file: string) =>
  ({ moduleId: `${root}/${file}`, project: { name: 'kernel', config } }) as unknown as TestSpecification;

test('the longest files start first, in their order, and the others as Vitest has them', async () => {
  const sizes: Readonly<Record<string, number>> = { 'test/small.test.ts': 1, 'test/large.test.ts': 9 };
  const [first = '', second = ''] = longestFiles;
  const cache = {
    getFileTestResults: () => undefined,
    getFileStats: (key: string) => ({ size: sizes[key.replace('kernel:', '')] ?? 5 }),
  };
  const sequencer = new LongestFirst({ config, cache } as unknown as ConstructorParameters<typeof LongestFirst>[0]);
  const files = ['test/small.test.ts', second, 'test/large.test.ts', first];
  const sorted = await sequencer.sort(files.map(specification));
  expect(sorted.map(({ moduleId }) => moduleId.slice(root.length + 1))).toEqual([
    first,
    second,
    'test/large.test.ts',
    'test/small.test.ts',
  ]);
});

test('all of these files exist', () => {
  expect(longestFiles.filter(file => !existsSync(`${root}/${file}`))).toEqual([]);
});
