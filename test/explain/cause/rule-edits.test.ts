import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuleScript } from '../../../src/explain/cause/rule-edits.js';
import type { Rule } from '../../../src/node/element.js';

const rules = (text: string): readonly Rule[] => Array.from(text, character => ['-j', character]);
const textOf = (some: readonly Rule[]): string => some.map(rule => rule[1]).join('');
const editsOf = (actual: string, desired: string): readonly string[] =>
  new RuleScript(rules(actual), rules(desired)).edits.map(
    ({ verb, number, rule }) => `${verb === 'insert' ? '+' : '-'}${number}${rule[1]}`,
  );

test.each([
  ['abc', 'abc', []],
  ['ac', 'abc', ['+2b']],
  ['ab', 'abc', ['+3c']],
  ['xabc', 'abc', ['-1x']],
  ['aabc', 'abc', ['-2a']],
  ['', 'ab', ['+1a', '+1b']],
])('the edits from %s to %s', (actual, desired, edits) => {
  const found = editsOf(actual, desired);
  // Either of two equal rules may go.
  expect(found.map(edit => edit.replace(/^-[12]a/, '-2a'))).toEqual(edits);
});

const some = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 7 }).map(letters => letters.join(''));

test('all edits give the desired rules, and none the actual ones', () => {
  fc.assert(
    fc.property(some, some, (actual, desired) => {
      const script = new RuleScript(rules(actual), rules(desired));
      expect(textOf(script.after(script.edits))).toBe(desired);
      expect(textOf(script.after([]))).toBe(actual);
    }),
    { seed: 20261130 },
  );
});

test('an edit that is made alone changes its own rule only', () => {
  fc.assert(
    fc.property(some, some, (actual, desired) => {
      const script = new RuleScript(rules(actual), rules(desired));
      for (const edit of script.edits) {
        const after = textOf(script.after([edit]));
        const at = edit.number - 1;
        const expected =
          edit.verb === 'insert'
            ? `${actual.slice(0, at)}${edit.rule[1]}${actual.slice(at)}`
            : `${actual.slice(0, at)}${actual.slice(at + 1)}`;
        expect(after).toBe(expected);
      }
    }),
    { seed: 20261130 },
  );
});
