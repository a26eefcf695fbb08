import type { Language } from '../language.js';
import type { Choice } from '../lesson/step.js';
import type { Machine } from '../machines.js';
import type { Observation, Said } from '../observe/observed.js';
import type { Page } from '../page/page.js';
import { texts } from '../texts/index.js';
import type { StepWords, Texts } from '../texts/texts.js';
import type { PlacedStep } from './route.js';
import type { Stage } from './stage.js';

/** A running lesson: where it is, and what is known of its machines. */
export interface Session {
  readonly stage: Stage;
  language: Language;
  page: Page;
  texts: Texts;
  at: PlacedStep;
  readonly done: Set<string>;
  /** The last answers of the kernels. */
  observed: Observation;
  /** What was run since the task began. */
  said: Said[];
  /** The machine of the last command. */
  machine: Machine;
  /** The answer to the question of this step. */
  guess: Choice | undefined;
  /** From the beginning of this step on, nothing was run. */
  quietFrom: number;
  /** False once the machines have ended, until the learner has typed something. */
  isTypedSinceLoss: boolean;
  /** True once the learner was told that the progress cannot be kept. */
  isKeepingFailed: boolean;
}

/** Begins a lesson at a step, on machines that are as this step needs them. */
export function createSession(
  stage: Stage,
  start: { readonly language: Language; readonly at: PlacedStep; readonly done: Iterable<string> },
  observed: Observation,
): Session {
  return {
    stage,
    ...inLanguage(stage, start.language),
    at: start.at,
    done: new Set(start.done),
    observed,
    said: [],
    machine: 'master',
    guess: undefined,
    quietFrom: start.at.index,
    isTypedSinceLoss: true,
    isKeepingFailed: false,
  };
}

/** Changes the language from now on. */
export function useLanguage(session: Session, language: Language): void {
  Object.assign(session, inLanguage(session.stage, language));
}

const inLanguage = (stage: Stage, language: Language) => ({
  language,
  page: stage.createPage(language),
  texts: texts[language],
});

/** Returns the words that name a step. */
export const stepWords = (
  { stage, language }: Pick<Session, 'stage' | 'language'>,
  { index, step }: PlacedStep,
): StepWords => ({ number: index + 1, count: stage.route.length, title: step.texts[language].title });

/** Reads the kernels again. */
export async function observe(session: Session): Promise<Observation> {
  session.observed = await session.stage.lab.observe();
  return session.observed;
}

/** Notes that something may have changed the machines in this step. */
export function markChanged(session: Session): void {
  session.quietFrom = session.at.index + 1;
}

/** Keeps the progress. Says once if that fails. */
export function keepProgress(session: Session, step: PlacedStep | undefined): void {
  const { stage, done, at } = session;
  const failure = stage.keep({ step: (step ?? at).step.id, done: [...done], isFinished: step === undefined });
  if (failure === undefined || session.isKeepingFailed) return;
  session.isKeepingFailed = true;
  session.page.line('error', session.texts.progress.unwritable(failure));
}
