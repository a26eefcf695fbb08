import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../../src/output/width.js';
import type { Language } from '../../../src/tutorial/language.js';
import type { PageOptions } from '../../../src/tutorial/page/page.js';
import { proseLines } from '../../../src/tutorial/page/prose.js';
import { styleOf } from '../../../src/tutorial/page/style.js';

const styleWith = (columns: number, options: Partial<PageOptions> = {}) =>
  styleOf({
    write: () => {},
    columns: () => columns,
    colors: false,
    language: 'en',
    isUnicode: true,
    ...options,
  });

describe('a paragraph', () => {
  test('is broken at 100 columns on a wider terminal', () => {
    const lines = proseLines('word '.repeat(60), styleWith(200));
    expect(lines.map(line => line.length)).toEqual([99, 99, 99]);
  });

  test('keeps a word of the tools in one line', () => {
    expect(proseLines('The command that is needed is `ipset list -n` today.', styleWith(40))).toEqual([
      'The command that is needed is',
      '`ipset list -n` today.',
    ]);
  });

  test('breaks a long word of the tools between its words, but not behind an option', () => {
    const text = '長い`-m set ! -s 10.244.0.0/16 --match-set KUBE-CLUSTER-IP dst,dst`です。';
    expect(proseLines(text, styleWith(30, { language: 'ja' }))).toEqual([
      '長い`-m set',
      '! -s 10.244.0.0/16',
      '--match-set KUBE-CLUSTER-IP',
      'dst,dst`です。',
    ]);
  });

  test('colors each line of a word of the tools on its own', () => {
    const text = 'See `ipset create KUBE-CLUSTER-IP hash:ip,port`.';
    expect(proseLines(text, styleWith(30, { colors: true }))).toEqual([
      'See \u001b[36mipset create\u001b[39m',
      '\u001b[36mKUBE-CLUSTER-IP hash:ip,port\u001b[39m.',
    ]);
  });

  test('shows blanks at the ends of a word of the tools by its backticks', () => {
    expect(proseLines('Type ` w`, not `w`.', styleWith(80, { colors: true }))).toEqual([
      'Type \u001b[36m` w`\u001b[39m, not \u001b[36mw\u001b[39m.',
    ]);
  });

  test('may be written in several lines: in Japanese they are joined without a blank', () => {
    expect(proseLines('ひとつの\n  段落です。Service\nと Pod。\n', styleWith(80))).toEqual([
      'ひとつの段落です。Service と Pod。',
    ]);
  });

  test('does not end in a very short line if a little less width can avoid that', () => {
    const text = '名前と型は、もう変えられません。変わるのは中身だけです。';
    expect(proseLines(text, styleWith(56, { language: 'ja' }))).toEqual([
      '名前と型は、もう変えられません。変わるのは中身だ',
      'けです。',
    ]);
    expect(proseLines('A set has a name, a type, and entries in it.', styleWith(40))).toEqual([
      'A set has a name, a type, and',
      'entries in it.',
    ]);
    expect(proseLines('0123456789012345 a b', styleWith(18))).toEqual(['0123456789012345 a', 'b']);
  });

  test('keeps a number in one line with what it counts in Japanese', () => {
    const text = '欲しいのは、変わらない 1 つのアドレスです。';
    expect(proseLines(text, styleWith(26, { language: 'ja' }))).toEqual([
      '欲しいのは、変わらない',
      '1 つのアドレスです。',
    ]);
    expect(proseLines('このあとは、また第 1 幕です。', styleWith(22, { language: 'ja' }))).toEqual([
      'このあとは、また',
      '第 1 幕です。',
    ]);
    expect(proseLines('宛先の 10.254.10.128 つまり VIP です。', styleWith(22, { language: 'ja' }))).toEqual([
      '宛先の 10.254.10.128',
      'つまり VIP です。',
    ]);
  });

  test('is never empty', () => {
    expect(proseLines('', styleWith(80))).toEqual(['']);
  });

  const word = fc.constantFrom(
    ...[
      'Service',
      'の',
      'パケット',
      '、',
      '。',
      '「',
      '」',
      '10.254.10.128:80',
      'rule',
      '（',
      '）',
      'きょう',
      'ー',
      'っ',
    ],
    ...['`ipset list`', '`iptables -t nat -N KUBE-SERVICES`', '設定', ' ', ' ', ',', 'that’s', '…'],
  );
  const paragraph = fc
    .array(word, { minLength: 1, maxLength: 40 })
    .map(words => words.join('').replace(/ +/g, ' ').trim());

  test.each<Language>(['en', 'ja'])('loses nothing in %s, with and without colors, and is never too wide', language => {
    fc.assert(
      fc.property(paragraph, fc.integer({ min: 20, max: 120 }), fc.boolean(), (text, columns, colors) => {
        const style = styleWith(columns, { language, colors });
        const lines = proseLines(text, style).map(stripVTControlCharacters);
        const flat = (all: string) => all.replace(colors ? /[`\s]/g : /\s/g, '');
        expect(flat(lines.join(''))).toBe(flat(text));
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(style.proseWidth);
      }),
    );
  });

  test('has the same lines with and without colors if it has no words of the tools', () => {
    fc.assert(
      fc.property(paragraph, fc.integer({ min: 20, max: 120 }), (text, columns) => {
        const plain = text.replaceAll('`', '');
        expect(proseLines(plain, styleWith(columns, { colors: true }))).toEqual(proseLines(plain, styleWith(columns)));
      }),
    );
  });
});
