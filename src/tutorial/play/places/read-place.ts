import type { Page } from '../../lesson/step.js';
import { typeAnywhere } from './anywhere.js';
import { on, type Place, stay } from './place.js';

/** A page that is only read. */
export const readPlace = (page: Page): Place => ({
  enter: 'read',
  keys: ['shell', 'back', 'list', 'language', 'help', 'quit'],
  machine: undefined,
  task: undefined,
  openTasksFrom: 0,
  isQuestion: false,
  async show(session) {
    session.page.paragraphs(page.texts[session.language].paragraphs);
    return stay;
  },
  press: async () => on,
  take: typeAnywhere,
});
