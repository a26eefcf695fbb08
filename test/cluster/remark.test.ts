import { expect, test } from 'vitest';
import { firstRemarks, type Remark } from '../../src/cluster/remark.js';

const remarks = (namespace: string, count: number): readonly Remark[] =>
  Array.from({ length: count }, (_, index) => ({
    about: `Service ${namespace}/s${index}`,
    namespace,
    line: `${namespace}/s${index}`,
  }));

test('each namespace has its share of the first lines, however many another one has', () => {
  const all = [...remarks('evil', 10_000), ...remarks('shop', 2), ...remarks('bank', 1)];
  const lines = firstRemarks(all, 20, 'such lines');
  expect(lines).toHaveLength(21);
  expect(lines).toEqual(expect.arrayContaining(['shop/s0', 'shop/s1', 'bank/s0', 'evil/s0']));
  expect(lines.at(-1)).toBe('and 9983 more such lines');
});

test('a few lines stay in their order', () => {
  const all = [...remarks('b', 3), ...remarks('a', 3)];
  expect(firstRemarks(all, 20, 'such lines')).toEqual(['b/s0', 'b/s1', 'b/s2', 'a/s0', 'a/s1', 'a/s2']);
});
