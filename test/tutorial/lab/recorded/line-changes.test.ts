import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedLines, lineChanges } from '../../../../src/tutorial/lab/recorded/line-changes.js';

test('a text is kept as its new lines and the runs of lines that were there before', () => {
  const changes = lineChanges('a\nb\nc\nd\n', 'a\nb\nnew\nd\n');
  expect(changes).toEqual([[0, 2], 'new', [3, 2]]);
  expect(changedLines('a\nb\nc\nd\n', changes)).toBe('a\nb\nnew\nd\n');
});

test('any text is found again, with lines added, removed, moved and repeated', () => {
  const text = fc.array(fc.constantFrom('', 'a', 'b', 'c', 'd')).map(lines => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(changedLines(before, lineChanges(before, after))).toBe(after);
    }),
  );
});
