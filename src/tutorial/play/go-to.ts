import { commandsBefore } from './route.js';
import { seconds } from './seconds.js';
import { keepProgress, observe, type Session, stepWords } from './session.js';

interface Destination {
  readonly index: number;
  /** True to restore the machines even if they are known to be as the step needs them. */
  readonly mustRestore: boolean;
}

/** What came of going to a step. `interrupted`: by Ctrl-C, while the machines were restored. */
export type Arrival = 'there' | 'no-step' | 'interrupted';

/** Goes to a step, with the machines as they are at its beginning. */
export async function goTo(session: Session, { index, mustRestore }: Destination): Promise<Arrival> {
  const { stage, at, quietFrom } = session;
  const step = stage.route[index];
  if (step === undefined) return 'no-step';
  const isKnown = quietFrom <= index && index <= at.index;
  session.at = step;
  return mustRestore || !isKnown ? restore(session) : 'there';
}

/** Puts the machines to how they are at the beginning of the session's step. */
export async function restore(session: Session): Promise<Arrival> {
  const { stage, page, texts, at } = session;
  const start = performance.now();
  // Recorded answers take no time.
  const say = (text: string) => (stage.lab.isRecorded ? undefined : page.line('note', text));
  say(texts.moves.restoring(stepWords(session, at)));
  const commands = commandsBefore(stage.route, at.index);
  const isInterrupted = await stage.whileRestarting(() =>
    stage.learner.whileBusy(async signal => {
      await stage.lab.restart(commands, signal);
      return signal.aborted;
    }),
  );
  if (isInterrupted) {
    keepProgress(session, at);
    return 'interrupted';
  }
  session.quietFrom = at.index;
  await observe(session);
  say(texts.moves.restored(seconds(performance.now() - start)));
  return 'there';
}
