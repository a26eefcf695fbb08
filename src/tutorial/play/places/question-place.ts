import type { Language } from '../../language.js';
import { type Choice, choices, type Exercise, type Question } from '../../lesson/step.js';
import { on, type Place, stay } from './place.js';

/** The question before the first task. Its answer is given after the last one. */
export const questionPlace = (exercise: Exercise): Place => ({
  enter: 'guess',
  keys: ['back', 'skip', 'list', 'language', 'help', 'quit'],
  machine: undefined,
  task: undefined,
  openTasksFrom: 0,
  isQuestion: true,
  async show({ page, language }) {
    const { question } = exercise.texts[language];
    if (question === undefined) return on;
    page.question(question.ask, question.choices);
    return stay;
  },
  async press(session) {
    session.guess = undefined;
    return on;
  },
  async take(session, text) {
    const { page, texts } = session;
    const guess = choices.find(choice => choice === text);
    if (guess === undefined) {
      page.line('note', texts.question.onlyChoices);
      return stay;
    }
    session.guess = guess;
    page.line('note', texts.question.guessed(guess));
    return on;
  },
});

/** Returns a step's question with its right answer. */
export function questionOf(
  { answer, texts }: Exercise,
  language: Language,
): { readonly question: Question; readonly answer: Choice } | undefined {
  const { question } = texts[language];
  return question === undefined || answer === undefined ? undefined : { question, answer };
}
