import { expect, test } from 'vitest';
import { keyLines } from '../../../src/tutorial/page/key-lines.js';
import { styleOf } from '../../../src/tutorial/page/style.js';
import { sampleKeys, sampleTexts } from './support/texts.js';

const linesOf = (labels: readonly string[], columns: number, colors = false) =>
  keyLines(
    labels.map((does, index) => ({ key: sampleKeys[index] ?? '', does })),
    styleOf({ write: () => {}, columns: () => columns, colors, language: 'en', isUnicode: true }),
  );

test('keys stand apart if the terminal is wide enough', () => {
  expect(linesOf(sampleTexts.en.keys, 100)).toEqual([
    'Enter run  s shell  h hint  w why  b back  k skip  r reset  l list  g lang  ? help  q quit',
  ]);
});

test('eleven keys fit into 80 columns, in Japanese as well', () => {
  expect(linesOf(sampleTexts.en.keys, 80)).toEqual([
    'Enter:run s:shell h:hint w:why b:back k:skip r:reset l:list g:lang ?:help q:quit',
  ]);
  expect(linesOf(sampleTexts.ja.keys, 80)).toEqual([
    'Enter:実行 s:端末 h:助言 w:理由 b:戻る k:次へ r:最初 l:一覧 g:言語 ?:説明 q:終了',
  ]);
});

test('keys that do not fit are broken between keys only', () => {
  expect(linesOf(['run it, or type', 'shell', 'go back'], 20)).toEqual(['Enter run it, or type', 's shell  h go back']);
});

test('the keys are bold', () => {
  expect(linesOf(['run', 'shell'], 80, true)).toEqual(['\u001b[1mEnter\u001b[22m run  \u001b[1ms\u001b[22m shell']);
});

test('no key, no line', () => {
  expect(linesOf([], 80)).toEqual([]);
});
