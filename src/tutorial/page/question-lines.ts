import { type Choice, choices } from '../lesson/step.js';
import { markedProseLines } from './prose.js';
import type { Style } from './style.js';

/** Returns a question and its choices, one below the other. */
export const questionLines = (
  ask: string,
  answers: Readonly<Record<Choice, string>>,
  style: Style,
): readonly string[] => [
  ...markedProseLines('?', style.paint.bold, ask, style),
  ...choices.flatMap(choice => markedProseLines(`  ${choice})`, style.paint.bold, answers[choice], style)),
];
