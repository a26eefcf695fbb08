import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { widthOf } from '../../../src/output/width.js';
import { languages } from '../../../src/tutorial/language.js';
import { createPage } from '../../../src/tutorial/page/create-page.js';
import type { Page, PageOptions } from '../../../src/tutorial/page/page.js';
import { printSample } from './support/print-sample.js';

const plain = { colors: false, isUnicode: true };
const withoutColors = stripVTControlCharacters;

describe.each(languages)('a page in %s', language => {
  test.each([80, 40, 20])('is laid out in %d columns', async columns => {
    const page = printSample({ ...plain, language, columns: () => columns });
    await expect(page).toMatchFileSnapshot(`pages/${language}-${columns}.txt`);
  });

  test('is laid out without Unicode', async () => {
    const page = printSample({ language, columns: () => 80, colors: false, isUnicode: false });
    await expect(page).toMatchFileSnapshot(`pages/${language}-ascii.txt`);
  });

  test('is laid out in colors', async () => {
    const page = printSample({ language, columns: () => 80, colors: true, isUnicode: true });
    await expect(page.replaceAll('\u001b', '^')).toMatchFileSnapshot(`pages/${language}-colors.txt`);
  });

  test('has 80 columns if the terminal does not say how many it has', () => {
    const expected = printSample({ ...plain, language, columns: () => 80 });
    expect(printSample({ ...plain, language, columns: () => 0 })).toBe(expected);
    expect(printSample({ ...plain, language, columns: () => undefined })).toBe(expected);
  });

  test('has no line wider than the terminal, but for commands and pictures', () => {
    for (let columns = 20; columns <= 120; columns += 1) {
      const lines = printSample({ ...plain, language, columns: () => columns }).split('\n');
      const wide = lines.filter(line => widthOf(line) > Math.min(columns, 100));
      expect(
        wide.filter(line => !/^(inajob#|master\$|>|[Ne].* created$|Name:| +(client|\u2514)) ?/.test(line)),
      ).toEqual([]);
    }
  });

  test('says without colors all that it says with them', () => {
    const words = (text: string) => text.replace(/[\s`]+/g, '');
    const colored = printSample({ language, columns: () => 80, colors: true, isUnicode: true });
    expect(words(withoutColors(colored))).toBe(words(printSample({ ...plain, language, columns: () => 80 })));
  });

  test('never moves the cursor', () => {
    const colored = printSample({ language, columns: () => 80, colors: true, isUnicode: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looks for control characters
    expect(withoutColors(colored)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

test('nothing but ASCII is written in English without Unicode', () => {
  const page = printSample({ language: 'en', columns: () => 80, colors: false, isUnicode: false });
  expect(page).toMatch(/^[\n -~]*$/);
});

test('the size of the terminal may change between two texts', () => {
  let columns = 30;
  const { page, written } = recordedPage({ columns: () => columns });
  const text = 'Thirty columns hold this line and then some more words.';
  page.paragraphs([text]);
  columns = 60;
  page.paragraphs([text]);
  expect(written()).toBe(`Thirty columns hold this line\nand then some more words.\n\n${text}\n`);
});

test('a text of a Japanese page leaves room for a sign that the terminal may draw in two columns', () => {
  const text = 'あいうえおかきくけこ';
  const { page, written } = recordedPage({ language: 'ja', columns: () => 20 });
  page.paragraphs([text]);
  expect(written()).toBe('あいうえおかきくけ\nこ\n');
});

test('a note while a command is in the middle of a line begins a line of its own', () => {
  const { page, written } = recordedPage({ colors: true });
  page.command('inajob', true, 'sleep 60');
  page.output('\u001b[31mwaiting');
  page.line('note', 'The command is still running.');
  page.output('.');
  page.endOutput();
  page.endOutput();
  expect(written()).toBe(
    '\u001b[32minajob#\u001b[39m \u001b[1msleep 60\u001b[22m\n\u001b[31mwaiting\u001b[0m\n\n' +
      '\u001b[36m\u25b8\u001b[39m The command is still running.\n.\n',
  );
});

test('control characters of texts and commands are shown, not obeyed', () => {
  const { page, written } = recordedPage({});
  page.step(1, 2, 'a\u001b[2Jb');
  page.paragraphs(['c\u0007d', { picture: 'e\u001b[He' }]);
  page.command('master', false, 'echo \u001b]0;title\u0007\n\tindented\u009b1m');
  page.moved('f\u0008g', [{ mark: '~', where: 'h\u001bi', before: 'j\nj', after: 'k\u202ek' }]);
  page.line('error', 'l\u001bl');
  page.question('m\u001bm', { a: 'n\u001bn', b: 'o', c: 'p' });
  page.keys([{ key: 'q\u001bq', does: 'r\u001br' }]);
  expect(written()).toBe(
    `\u2500\u2500 1/2  a\\u001b[2Jb ${'\u2500'.repeat(60)}\n\nc\\u0007d\n\ne\\u001b[He\n\n` +
      'master$ echo \\u001b]0;title\\u0007\n> \tindented\\u009b1m\n\n' +
      'f\\u0008g\n~ h\\u001bi: j j \u2192 k\\u202ek\n\n\u2717 l\\u001bl\n\n' +
      '? m\\u001bm\n  a) n\\u001bn\n  b) o\n  c) p\n\nq\\u001bq r\\u001br\n',
  );
});

function recordedPage(options: Partial<PageOptions>): { readonly page: Page; readonly written: () => string } {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const page = createPage({ ...plain, language: 'en', columns: () => 80, ...options, write });
  return { page, written: () => written };
}
