import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SortedMultimap } from '../../src/proxy/multimap.js';

interface Value {
  readonly order: string;
  readonly number: number;
}

const create = () => new SortedMultimap<Value>(({ order }) => order);
const value = (order: string, number = 0): Value => ({ order, number });

describe('a sorted multimap', () => {
  test('keeps the values of a key in order, and equal ones in the order in which they were added', () => {
    const map = create();
    const values = [value('b', 1), value('a', 2), value('c', 3), value('b', 4), value('a', 5)];
    for (const one of values) map.add('key', one);
    expect(map.all('key').map(({ order, number }) => `${order}${number}`)).toEqual(['a2', 'a5', 'b1', 'b4', 'c3']);
    expect(map.first('key')).toBe(values[1]);
  });

  test('finds the first value that is accepted', () => {
    const map = create();
    for (const one of [value('a', 1), value('b', 2), value('c', 2)]) map.add('key', one);
    expect(map.find('key', ({ number }) => number === 2)).toEqual(value('b', 2));
    expect(map.find('key', () => false)).toBe(undefined);
    expect(map.find('other', () => true)).toBe(undefined);
  });

  test('has nothing for a key without values', () => {
    const map = create();
    expect([map.first('key'), map.all('key'), map.isShared('key')]).toEqual([undefined, [], false]);
  });

  test('visits the first accepted value of each key', () => {
    const map = create();
    map.add('one', value('a', 1));
    map.add('one', value('b', 2));
    map.add('other', value('a', 1));
    const visited: string[] = [];
    map.forEachFirst(
      ({ number }) => number === 2,
      ({ order }, key) => visited.push(`${key} ${order}`),
    );
    expect(visited).toEqual(['one b']);
  });

  test('behaves as a sorted list for each key, however values are added and removed', () => {
    const step = fc.record({
      key: fc.constantFrom('x', 'y'),
      order: fc.constantFrom('a', 'b', 'c'),
      isRemoval: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        const map = create();
        const lists: Record<string, Value[]> = { x: [], y: [] };
        for (const [number, { key, order, isRemoval }] of steps.entries()) {
          const list = lists[key] ?? [];
          if (isRemoval) {
            const removed = new Set(list.filter(one => one.order === order));
            map.remove(key, removed);
            lists[key] = list.filter(one => !removed.has(one));
          } else {
            const added = value(order, number);
            map.add(key, added);
            lists[key] = [...list, added].sort((one, other) => one.order.localeCompare(other.order));
          }
          for (const [name, expected] of Object.entries(lists)) {
            expect(map.all(name)).toEqual(expected);
            expect(map.first(name)).toBe(expected[0]);
            expect(map.isShared(name)).toBe(expected.length > 1);
          }
        }
      }),
      { seed: 20261130 },
    );
  });
});
