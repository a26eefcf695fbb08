import { describe, expect, test } from 'vitest';
import { widthOf } from '../../src/output/width.js';

describe('the width of a text on a terminal', () => {
  test('is one column for each narrow or ambiguous character', () => {
    expect(widthOf('curl 10.254.10.128')).toBe(18);
    expect(widthOf('é ß Ж → … ─ │ ✓ ｱ')).toBe(17);
  });

  test('is two columns for kana, kanji, fullwidth signs, Korean syllables and emoji', () => {
    expect(widthOf('あア漢ー')).toBe(8);
    expect(widthOf('。、（「１ ')).toBe(11);
    expect(widthOf('한국')).toBe(4);
    expect(widthOf('🎉𠮷')).toBe(4);
  });

  test('is zero for what is drawn over another character', () => {
    expect(widthOf('e\u0301')).toBe(1);
    expect(widthOf('か\u3099')).toBe(2);
    expect(widthOf('\u1112\u1161\u11ab')).toBe(2);
    expect(widthOf('\u200b\u200d\ufe0f')).toBe(0);
  });

  test('is two columns for the two letters of a flag', () => {
    expect(widthOf('\u{1f1ef}\u{1f1f5}')).toBe(2);
  });
});
