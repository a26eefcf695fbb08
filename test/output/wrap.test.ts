import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../src/output/width.js';
import { indent, padded, wrapped } from '../../src/output/wrap.js';

/** Returns true if a blank of the text became the line break before the line. */
function isAfterBlank(text: string, lines: readonly string[], index: number): boolean {
  const count = lines.slice(0, index).join('').replace(/ /g, '').length;
  const before = [...text.matchAll(/[^ ]/g)][count - 1]?.index ?? -1;
  return text[before + 1] === ' ';
}

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

  test('is broken between Japanese characters, but not before what never begins a line', () => {
    expect(wrapped('VIP は 10.254.10.128:80 です。ルール（`KUBE-SERVICES`）を見よう。', indent(0), 20)).toEqual([
      'VIP は',
      '10.254.10.128:80 で',
      'す。ルール',
      '（`KUBE-SERVICES`）',
      'を見よう。',
    ]);
  });

  test('keeps a combining mark with its character where a word is cut', () => {
    expect(wrapped('abce\u0301f', indent(0), 4)).toEqual(['abce\u0301', 'f']);
  });

  test('never joins the pieces of such a word with a blank, even if the first line has more room', () => {
    expect(wrapped('abcdefgh', { first: '', rest: '     ' }, 10)).toEqual(['abcde', '     fgh']);
  });

  test('of Japanese loses nothing, and obeys the rules for the beginning and the end of a line', () => {
    const unit = fc.constantFrom(...'あっャーコ漢字、。」）「（々・Ab1.- ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), fc.integer({ min: 20, max: 40 }), (text, width) => {
        // A row of marks that is wider than a line must be cut somewhere.
        fc.pre(!/[^ ]{3}[っャー、。」）「（々・Ab1.-]{5}/.test(text));
        const lines = wrapped(text, indent(0), width);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        for (const [index, line] of lines.slice(1).entries()) {
          if (isAfterBlank(text, lines, index + 1)) continue;
          expect(line).toMatch(/^[^っャー、。」）々・.-]/);
          expect(lines[index]).toMatch(/[^「（]$/);
        }
      }),
    );
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

test('padding counts columns', () => {
  expect(padded('設定', 5)).toBe('設定 ');
  expect(padded('→', 3)).toBe('→  ');
  expect(padded('abcd', 3)).toBe('abcd');
});
