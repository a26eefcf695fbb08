import { stay } from '../places/place.js';
import { isFirstOfAct, type PlacedStep } from '../route.js';
import type { Session } from '../session.js';
import type { KeyAction } from './key.js';

/** Lists all steps: `+` is done, `>` is where the learner is. */
export const listSteps: KeyAction = async session => {
  const { stage, page, texts } = session;
  const lines = stage.route.flatMap(placed => [
    ...(isFirstOfAct(placed) ? actLines(session, placed) : []),
    stepLine(session, placed),
  ]);
  page.paragraphs([{ picture: lines.join('\n') }, texts.moves.listFoot]);
  return stay;
};

const actLines = ({ texts, language }: Session, { index, act, actNumber }: PlacedStep): readonly string[] => [
  ...(index === 0 ? [] : ['']),
  texts.start.act({ number: actNumber, title: act.title[language] }),
];

function stepLine({ at, done, language }: Session, { index, step }: PlacedStep): string {
  const mark = index === at.index ? '>' : done.has(step.id) ? '+' : ' ';
  return `${mark} ${String(index + 1).padStart(2)}  ${step.texts[language].title}`;
}
