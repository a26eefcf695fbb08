import { type Intent, intentOf } from './intent.js';
import { keyLabels } from './key-labels.js';
import type { Place } from './places/place.js';
import { isRoot } from './places/task-place.js';
import type { Session } from './session.js';
import { needsMoreLines } from './whole-command.js';

/** What the learner wants, or that the input has ended. */
export type Wanted = Intent | { readonly kind: 'leave'; readonly isInterrupted: boolean };

/** Shows the keys of a place, and waits until something is typed. */
export async function ask(session: Session, place: Place): Promise<Wanted> {
  const { page, stage } = session;
  if (!stage.learner.isAutomatic) page.keys(keyLabels(session, place));
  for (;;) {
    const typed = await stage.learner.ask({ text: promptText(session, place), isContinued: false });
    if (typed.kind === 'ended') return { kind: 'leave', isInterrupted: false };
    if (typed.kind === 'interrupted') {
      if (typed.isSomethingDropped) continue;
      return { kind: 'leave', isInterrupted: true };
    }
    const intent = await intentWithRest(session, typed.text, place.isQuestion);
    if (intent !== undefined) return intent;
  }
}

function promptText(session: Session, { machine, isQuestion }: Place): string {
  if (isQuestion) return 'a, b, c> ';
  return machine === undefined ? 'lesson> ' : `${machine}${isRoot(session, machine) ? '#' : '$'} `;
}

/** Asks for further lines while a shell would. Undefined if Ctrl-C drops them. */
async function intentWithRest(session: Session, first: string, isQuestion: boolean): Promise<Intent | undefined> {
  let text = first;
  for (;;) {
    const intent = intentOf(text, isQuestion);
    if (intent.kind !== 'command' || isQuestion || !needsMoreLines(intent.command)) return intent;
    const typed = await session.stage.learner.ask({ text: '> ', isContinued: true });
    if (typed.kind === 'interrupted') return undefined;
    // As in a shell, the end of the input ends the command. The shell on the machine says what is missing.
    if (typed.kind === 'ended') return intent;
    text += `\n${typed.text}`;
  }
}
