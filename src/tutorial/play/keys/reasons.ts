import type { TaskText } from '../../lesson/step.js';
import { type Place, stay } from '../places/place.js';
import type { Session } from '../session.js';
import type { KeyAction } from './key.js';

export const hint: KeyAction = async (session, place) => {
  const text = taskText(session, place)?.hint;
  session.page.line('note', text ?? session.texts.task.nothingToSay);
  return stay;
};

export const why: KeyAction = async (session, place) => {
  const paragraphs = taskText(session, place)?.why;
  if (paragraphs === undefined) session.page.line('note', session.texts.task.nothingToSay);
  else session.page.paragraphs(paragraphs);
  return stay;
};

function taskText({ at, language }: Session, { task }: Place): TaskText | undefined {
  const { step } = at;
  return step.kind === 'exercise' && task !== undefined ? step.texts[language].tasks[task] : undefined;
}
