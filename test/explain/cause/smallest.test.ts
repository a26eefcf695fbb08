import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestPart } from '../../../src/explain/cause/smallest.js';

const parameters = { seed: 20261130 };

test('a few that are needed together are found among many', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      (size, picks) => {
        const needed = new Set(picks.map(pick => pick % size));
        let tries = 0;
        const isEnough = (part: readonly number[]): boolean => {
          tries += 1;
          return [...needed].every(one => part.includes(one));
        };
        const all = Array.from({ length: size }, (_, index) => index);
        expect(smallestPart(all, isEnough)).toEqual([...needed].sort((one, other) => one - other));
        expect(tries).toBeLessThanOrEqual(900);
      },
    ),
    parameters,
  );
});

test('one that is enough alone is preferred to others that are enough together', () => {
  const isEnough = (part: readonly string[]): boolean =>
    part.includes('c') || (part.includes('a') && part.includes('b'));
  expect(smallestPart(['a', 'b', 'c'], isEnough)).toEqual(['c']);
});

test('of those that are not likely none is tried alone', () => {
  const items = Array.from({ length: 1000 }, (_, index) => index);
  let tries = 0;
  const isEnough = (part: readonly number[]): boolean => {
    tries += 1;
    return part.includes(1) && part.includes(2);
  };
  expect(smallestPart(items, isEnough, 3)).toEqual([1, 2]);
  expect(tries).toBeLessThanOrEqual(12);
});
