import { expect, test } from 'vitest';
import { en } from '../../../src/tutorial/checks/texts/en.js';
import { ja } from '../../../src/tutorial/checks/texts/ja.js';
import type { CheckTexts } from '../../../src/tutorial/checks/texts/texts.js';
import { slipsIn } from '../support/japanese.js';

/** Stands for every part of a text by its name. */
const marks = {
  on: '{on}',
  ran: '{ran}',
  wanted: '{wanted}',
  actual: '{actual}',
  set: '{set}',
  similar: '{similar}',
  type: '{type}',
  entry: '{entry}',
  other: '{other}',
  table: '{table}',
  chain: '{chain}',
  places: ['{place 1}', '{place 2}'],
  number: '{number}',
  first: '{first}',
  count: '{count}',
  link: '{link}',
  address: '{address}',
  server: '{server}',
  forwarding: '{forwarding}',
  name: '{name}',
  object: '{object}',
  field: '{field}',
  text: '{text}',
  texts: ['{text 1}', '{text 2}'],
};

const names = Object.keys(en) as (keyof CheckTexts)[];
const write = (texts: CheckTexts, name: keyof CheckTexts): string =>
  (texts[name] as unknown as (parts: typeof marks) => string)(marks);
const partsOf = (text: string) => [...new Set(text.match(/\{.+?\}/g))].sort();

test.each(names)('%s names the same parts in both languages', name => {
  expect(partsOf(write(ja, name))).toEqual(partsOf(write(en, name)));
  expect(write(en, name)).not.toContain('undefined');
  expect(write(ja, name)).not.toContain('undefined');
});

test.each(names)('%s is a sentence of its language', name => {
  expect(write(en, name)).toMatch(/^[ -~]+\.$/);
  expect(write(ja, name)).toMatch(/[ぁ-ん].*。$/);
});

test('Japanese has a blank between its own letters and those of others, and none beside its punctuation', () => {
  const own = '[\u3040-\u30ff\u4e00-\u9fff]';
  for (const name of names) {
    const text = write(ja, name);
    expect(text).not.toMatch(new RegExp(`${own}[A-Za-z0-9{\`]|[A-Za-z0-9}\`]${own}`, 'u'));
    expect(text).not.toMatch(/ [。、（）]|[。、（）] /);
    expect(text).not.toMatch(/[,.!?:;]( |$)/);
  }
});

test('Japanese has the same words as the lesson', () => {
  expect(names.flatMap(name => slipsIn(write(ja, name)))).toEqual([]);
});
