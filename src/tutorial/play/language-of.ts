import type { Language } from '../language.js';

/** Returns the language of an environment: Japanese if the locale of messages is, and otherwise English. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  const locale = LC_ALL || LC_MESSAGES || LANG || '';
  return /^ja(?![a-z])/i.test(locale) ? 'ja' : 'en';
}

/** Returns true if the locale of characters has those beyond ASCII. */
export const isUnicode = ({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): boolean =>
  /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
