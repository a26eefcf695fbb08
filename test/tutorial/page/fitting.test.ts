import { expect, test } from 'vitest';
import { createPage } from '../../../src/tutorial/page/create-page.js';
import type { KeyLabel, Page } from '../../../src/tutorial/page/page.js';

const keys: readonly KeyLabel[] = [{ key: 'Enter', does: 'go on' }];
const picture = (rows: number) => ({ picture: Array(rows).fill('|').join('\n') });
const paragraphs = ['One.', 'Two.', picture(4), 'Three.'];

interface Screen {
  readonly rows?: number;
  readonly columns?: number;
}

function pageOn({ rows, columns = 80 }: Screen): Page {
  const options = { colors: false, isUnicode: true, language: 'en', columns: () => columns } as const;
  return createPage({ ...options, write: () => {}, ...(rows !== undefined && { rows: () => rows }) });
}

/** Returns how many paragraphs fit below a title. */
function below(title: 'step' | 'act', screen: Screen): number {
  const page = pageOn(screen);
  if (title === 'act') page.act('One');
  page.step(1, 2, 'First');
  return page.fitting(paragraphs, keys);
}

test.each([
  // A title, two rows for each sentence, five for the picture, three at the foot.
  [15, 4],
  [14, 3],
  [13, 3],
  [12, 2],
  [8, 2],
  [7, 1],
  [6, 1],
  [1, 1],
  [0, 4],
  [undefined, 4],
])('on %s rows below a title fit %d paragraphs', (rows, count) => {
  expect(below('step', rows === undefined ? {} : { rows })).toBe(count);
});

test('the title of an act takes two more rows', () => {
  expect([17, 16].map(rows => below('act', { rows }))).toEqual([4, 3]);
});

test('a narrow terminal breaks lines, and has room for fewer paragraphs', () => {
  const page = pageOn({ rows: 9, columns: 20 });
  page.step(1, 2, 'First');
  expect(page.fitting(['These words need three lines of twenty columns.', 'Two.'], keys)).toBe(1);
});

test('below the keys a new screen begins', () => {
  const page = pageOn({ rows: 10 });
  page.step(1, 2, 'First');
  page.paragraphs(paragraphs.slice(0, 2));
  page.keys(keys);
  expect(page.fitting(paragraphs.slice(2), keys)).toBe(2);
});

test.each(['The rules:', '\u898f\u5247\uff1a'])('%s is not parted from what it introduces', text => {
  const page = pageOn({ rows: 11 });
  page.step(1, 2, 'First');
  expect(page.fitting(['One.', text, picture(4)], keys)).toBe(1);
  expect(page.fitting([text, picture(9)], keys)).toBe(1);
});
