import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKept, pairRules } from '../../../src/tutorial/observe/moved/rule-pairs.js';

const rules = fc.array(
  fc.constantFrom<string>('a', 'b', 'c').map(text => ({ text, packets: 0 })),
  { maxLength: 7 },
);
const numbered = (list: readonly { readonly text: string; readonly packets: number }[]) =>
  list.map((rule, index) => ({ ...rule, number: index + 1 }));

test('the pairs have every rule of both lists once, in order, and only equal rules are kept', () => {
  fc.assert(
    fc.property(rules, rules, (before, after) => {
      const pairs = pairRules(before, after);
      expect(pairs.flatMap(pair => pair.before ?? [])).toEqual(numbered(before));
      expect(pairs.flatMap(pair => pair.after ?? [])).toEqual(numbered(after));
      for (const pair of pairs.filter(isKept)) expect(pair.before.text).toBe(pair.after.text);
    }),
  );
});

test('all rules are kept that are still there when others are added', () => {
  fc.assert(
    fc.property(rules, fc.array(fc.nat({ max: 6 }), { maxLength: 4 }), (before, places) => {
      const after = [...before];
      for (const place of places) after.splice(place, 0, { text: 'new', packets: 0 });
      expect(pairRules(before, after).filter(isKept)).toHaveLength(before.length);
    }),
  );
});
