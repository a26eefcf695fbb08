import type { Page } from '../../lesson/step.js';
import { keyLabels } from '../key-labels.js';
import type { Session } from '../session.js';
import { typeAnywhere } from './anywhere.js';
import { type Outcome, on, type Place, stay } from './place.js';

const whatIsPressed = {
  enter: 'read',
  keys: ['shell', 'back', 'list', 'language', 'help', 'quit'],
} as const satisfies Partial<Place>;

/** A page that is only read. If it is taller than the terminal, it is shown in several parts. */
export function readPlace(page: Page): Place {
  let shown = 0;
  const showMore = async (session: Session): Promise<Outcome> => {
    const left = paragraphsOf(page, session).slice(shown);
    const { isAutomatic } = session.stage.learner;
    const count = isAutomatic ? left.length : session.page.fitting(left, keyLabels(session, whatIsPressed));
    session.page.paragraphs(left.slice(0, count));
    shown += count;
    return stay;
  };
  return {
    ...whatIsPressed,
    machine: undefined,
    task: undefined,
    openTasksFrom: 0,
    isQuestion: false,
    show(session) {
      shown = 0;
      return showMore(session);
    },
    press: async session => (shown < paragraphsOf(page, session).length ? showMore(session) : on),
    take: typeAnywhere,
  };
}

const paragraphsOf = ({ texts }: Page, { language }: Session) => texts[language].paragraphs;
