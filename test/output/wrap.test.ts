import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indent, padded, widthOf, wrapped } from '../../src/output/wrap.js';

describe('a wrapped text', () => {
  test('is broken at blanks, with a hanging indent', () => {
    expect(wrapped('-m mark --mark 0x4000/0x4000 -j MASQUERADE', indent(2, 2), 20)).toEqual([
      '  -m mark --mark',
      '    0x4000/0x4000 -j',
      '    MASQUERADE',
    ]);
  });

  test('continues a word that is wider than a line on the next line', () => {
    expect(wrapped('to [fd00:10:244:1::3]:8080', { first: '> ', rest: '. ' }, 12)).toEqual([
      '> to',
      '. [fd00:10:2',
      '. 44:1::3]:8',
      '. 080',
    ]);
  });

  test('never joins the pieces of such a word with a blank, even if the first line has more room', () => {
    expect(wrapped('abcdefgh', { first: '', rest: '     ' }, 10)).toEqual(['abcde', '     fgh']);
  });

  test('loses nothing, and is never wider than asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 8, max: 40 }), (text, width) => {
        const lines = wrapped(text, indent(2, 3), width);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        for (const line of lines) expect(line).toBe(line.trimEnd());
      }),
    );
  });
});

test('padding counts characters', () => {
  expect(padded('→', 3)).toBe('→  ');
  expect(padded('abcd', 3)).toBe('abcd');
});
