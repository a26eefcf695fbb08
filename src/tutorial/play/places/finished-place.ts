import { typeAnywhere } from './anywhere.js';
import { type Place, stay } from './place.js';

/** The lesson was finished before: Enter starts it anew, and its steps can be seen again. */
export const finishedPlace: Place = {
  enter: 'anew',
  keys: ['list', 'language', 'help', 'quit'],
  machine: undefined,
  task: undefined,
  openTasksFrom: 0,
  isQuestion: false,
  async show({ page, texts }) {
    page.line('done', texts.start.finishedBefore);
    return stay;
  },
  async press(session) {
    session.done.clear();
    return { kind: 'go', index: 0, mustRestore: false };
  },
  take: typeAnywhere,
};
