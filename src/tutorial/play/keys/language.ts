import { type Language, languages } from '../../language.js';
import { stay } from '../places/place.js';
import { useLanguage } from '../session.js';
import type { KeyAction } from './key.js';

/** Changes to the language that is named, or to the next one. */
export const changeLanguage: KeyAction = async (session, _, name) => {
  const language = name === '' ? nextLanguage(session.language) : languages.find(one => one === name);
  if (language === undefined) {
    session.page.line('note', session.texts.moves.unknownLanguage(name));
    return stay;
  }
  useLanguage(session, language);
  return { kind: 'show' };
};

const nextLanguage = (language: Language): Language =>
  languages[(languages.indexOf(language) + 1) % languages.length] ?? language;
