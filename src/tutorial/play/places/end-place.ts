import type { Exercise } from '../../lesson/step.js';
import type { Session } from '../session.js';
import { typeAnywhere } from './anywhere.js';
import { on, type Place, stay } from './place.js';
import { questionOf } from './question-place.js';

/** All tasks are done: the answer to the question, and time to look around. */
export function endPlace(exercise: Exercise): Place {
  const last = exercise.tasks.length - 1;
  const machine = exercise.tasks[last]?.on;
  return {
    enter: 'next',
    keys: ['shell', 'why', 'back', 'reset', 'list', 'language', 'help', 'quit'],
    machine,
    task: last,
    openTasksFrom: exercise.tasks.length,
    isQuestion: false,
    async show(session) {
      answerQuestion(session, exercise);
      session.page.paragraphs(exercise.texts[session.language].after ?? []);
      return stay;
    },
    press: async () => on,
    take: (session, text, named) => typeAnywhere(session, text, named ?? machine),
  };
}

function answerQuestion({ page, language, texts, guess }: Session, exercise: Exercise): void {
  const asked = questionOf(exercise, language);
  if (asked === undefined) return;
  const { answer, question } = asked;
  if (guess === undefined) page.line('note', texts.question.answer(answer));
  else if (guess === answer) page.line('done', texts.question.right(answer));
  else page.line('note', texts.question.wrong({ guess, answer }));
  page.paragraphs(question.because);
}
