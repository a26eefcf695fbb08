import { KproxyError } from '../../errors.js';
import { machines } from '../machines.js';
import { ask, type Wanted } from './ask.js';
import { type Arrival, goTo } from './go-to.js';
import { keyActions } from './keys/actions.js';
import { finishedPlace } from './places/finished-place.js';
import { type Outcome, type Place, stay } from './places/place.js';
import { placesOf } from './places/places.js';
import { isFirstOfAct, type PlacedStep } from './route.js';
import { keepProgress, observe, type Session, stepWords } from './session.js';

/** How a lesson ends. */
export type Ending =
  | { readonly kind: 'finished' }
  | { readonly kind: 'left'; readonly isInterrupted: boolean }
  | { readonly kind: 'stopped'; readonly id: string; readonly problem: string };

/**
 * Plays from the session's step to the end of the lesson, or until the learner leaves.
 * @param wasFinished true to ask first whether to start anew
 */
export async function play(session: Session, wasFinished: boolean): Promise<Ending> {
  let outcome = wasFinished ? await playPlace(session, finishedPlace) : await playStepOrRestore(session);
  for (;;) {
    if (outcome.kind === 'leave') return { kind: 'left', isInterrupted: outcome.isInterrupted };
    if (outcome.kind === 'stop') return { kind: 'stopped', id: session.at.step.id, problem: outcome.problem };
    // A step that was skipped may be the last one.
    const arrival = outcome.kind === 'go' ? await goTo(session, outcome) : advance(session);
    if (arrival === 'no-step') return finish(session);
    if (arrival === 'interrupted') return { kind: 'left', isInterrupted: true };
    outcome = await playStepOrRestore(session);
  }
}

/**
 * If the machines end, which a learner may have asked of them, the step begins again on new ones. It is an error if
 * they end again before the learner has typed anything.
 */
async function playStepOrRestore(session: Session): Promise<Outcome> {
  const { at, page, texts, stage } = session;
  try {
    return await playStep(session);
  } catch (error) {
    const isLost = error instanceof KproxyError && error.code === 'sandbox-failed';
    if (!isLost || stage.learner.isAutomatic || !session.isTypedSinceLoss) throw error;
    session.isTypedSinceLoss = false;
    page.line('error', texts.moves.lost(error.message));
    return { kind: 'go', index: at.index, mustRestore: true };
  }
}

/** Goes to the next step. */
function advance(session: Session): Arrival {
  const { stage, at, done } = session;
  done.add(at.step.id);
  const next = stage.route[at.index + 1];
  if (next === undefined) return 'no-step';
  session.at = next;
  return 'there';
}

function finish(session: Session): Ending {
  session.done.add(session.at.step.id);
  keepProgress(session, undefined);
  return { kind: 'finished' };
}

/** Plays the places of a step. The outcome is never to stay here. */
async function playStep(session: Session): Promise<Outcome> {
  keepProgress(session, session.at);
  session.guess = undefined;
  if (isFirstOfAct(session.at)) showAct(session, session.at);
  showTitle(session);
  for (const place of placesOf(session.at.step)) {
    const outcome = await playPlace(session, place);
    if (outcome.kind !== 'on') return outcome;
  }
  return { kind: 'next' };
}

function showAct({ page, texts, language }: Session, { act, actNumber }: PlacedStep): void {
  page.act(texts.start.act({ number: actNumber, title: act.title[language] }));
}

function showTitle(session: Session): void {
  const { number, count, title } = stepWords(session, session.at);
  session.page.step(number, count, title);
}

async function playPlace(session: Session, place: Place): Promise<Outcome> {
  session.said = [];
  if (!session.stage.learner.isAutomatic) await observe(session);
  const shown = await place.show(session);
  if (shown.kind !== 'stay') return shown;
  for (;;) {
    const wanted = await ask(session, place);
    session.isTypedSinceLoss = true;
    const outcome = await answer(session, place, wanted);
    if (outcome.kind === 'show') {
      showTitle(session);
      await place.show(session);
    } else if (outcome.kind !== 'stay') return outcome;
  }
}

async function answer(session: Session, place: Place, wanted: Wanted): Promise<Outcome> {
  switch (wanted.kind) {
    case 'leave':
      return wanted;
    case 'enter':
      return place.press(session);
    case 'key':
      return keyActions[wanted.key](session, place, wanted.argument);
    case 'choice':
      return place.take(session, wanted.choice, undefined);
    case 'command':
      return place.take(session, wanted.command, wanted.on);
    case 'unknown-machine':
      session.page.line('note', session.texts.task.unknownMachine({ name: wanted.name, machines }));
      return stay;
  }
}
