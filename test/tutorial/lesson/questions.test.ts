import { describe, expect, it } from 'vitest';
import type { Language } from '../../../src/tutorial/language.js';
import { choices, type Exercise, type Question } from '../../../src/tutorial/lesson/step.js';
import { steps } from './lesson-texts.js';

/** A letter that stands for a choice: in brackets in English, where `a` is a word, and by itself in Japanese. */
const letters: Readonly<Record<Language, RegExp>> = { en: /\(([a-z])\)/g, ja: /(?<![\w-])([a-z])(?![\w-])/g };

const questions = steps.flatMap(step =>
  step.kind === 'exercise' && step.answer !== undefined ? [{ ...step, answer: step.answer }] : [],
);
const answers = questions.map(({ answer }) => answer);

const questionOf = ({ id, texts }: Exercise, language: Language): Question => {
  const { question } = texts[language];
  if (question === undefined) throw new Error(`The step ${id} has an answer, but no question.`);
  return question;
};

/** Returns the letters that the reasons of an answer name, in alphabetical order. */
function lettersNamed(step: Exercise, language: Language): readonly string[] {
  const prose = questionOf(step, language)
    .because.map(paragraph => (typeof paragraph === 'string' ? paragraph.replace(/`[^`]*`/g, '') : ''))
    .join('\n');
  return [...new Set([...prose.matchAll(letters[language])].map(([, letter]) => letter ?? ''))].sort();
}

describe('the questions', () => {
  it('have each letter as their answer about equally often', () => {
    const counts = choices.map(choice => answers.filter(answer => answer === choice).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('have no letter as their answer three times in a row', () => {
    expect(answers.join('')).not.toMatch(/(.)\1\1/);
  });

  it('have reasons that name the same letters in each language', () => {
    const inLanguage = (language: Language) => questions.map(step => [step.id, lettersNamed(step, language)]);
    expect(inLanguage('ja')).toEqual(inLanguage('en'));
  });

  it('have reasons that name only choices that are wrong: the page says above them which one is right', () => {
    const others = questions.map(step => {
      const wrong: readonly string[] = choices.filter(choice => choice !== step.answer);
      return [step.id, lettersNamed(step, 'en').filter(letter => !wrong.includes(letter))];
    });
    expect(others).toEqual(questions.map(({ id }) => [id, []]));
  });
});
