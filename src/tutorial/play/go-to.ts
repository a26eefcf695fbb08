import { commandsBefore, type PlacedStep } from './route.js';
import { seconds } from './seconds.js';
import { observe, type Session, stepWords } from './session.js';

interface Destination {
  readonly index: number;
  /** True to restore the machines even if they are known to be as the step needs them. */
  readonly mustRestore: boolean;
}

/** Goes to a step, with the machines as they are at its beginning. Returns false if there is no such step. */
export async function goTo(session: Session, { index, mustRestore }: Destination): Promise<boolean> {
  const { stage, at, quietFrom } = session;
  const step = stage.route[index];
  if (step === undefined) return false;
  const isKnown = quietFrom <= index && index <= at.index;
  if (mustRestore || !isKnown) await restore(session, step);
  session.at = step;
  return true;
}

/** Puts the machines back to how they are at the beginning of a step. */
export async function restore(session: Session, step: PlacedStep): Promise<void> {
  const { stage, page, texts } = session;
  const start = performance.now();
  page.line('note', texts.moves.restoring(stepWords(session, step)));
  const commands = commandsBefore(stage.route, step.index);
  await stage.whileRestarting(() => stage.learner.whileBusy(() => stage.lab.restart(commands)));
  session.quietFrom = step.index;
  await observe(session);
  page.line('note', texts.moves.restored(seconds(performance.now() - start)));
}
