import { expect, test } from 'vitest';
import { isUnicode, languageOf } from '../../../src/tutorial/play/language-of.js';

test.each([
  [{}, 'en'],
  [{ LANG: 'ja_JP.UTF-8' }, 'ja'],
  [{ LANG: 'ja' }, 'ja'],
  [{ LANG: 'jav_ID.UTF-8' }, 'en'],
  [{ LANG: 'de_DE.UTF-8' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ja_JP.UTF-8' }, 'ja'],
  [{ LANG: 'ja_JP.UTF-8', LC_ALL: 'C' }, 'en'],
  [{ LANG: 'ja_JP.UTF-8', LC_ALL: '' }, 'ja'],
])('the language of %j is %s', (environment, language) => {
  expect(languageOf(environment)).toBe(language);
});

test.each([
  [{}, false],
  [{ LANG: 'ja_JP.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'ja_JP.eucJP' }, false],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
])('characters beyond ASCII with %j: %s', (environment, expected) => {
  expect(isUnicode(environment)).toBe(expected);
});
