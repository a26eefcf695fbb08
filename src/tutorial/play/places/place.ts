import type { Machine } from '../../machines.js';
import type { EnterMeaning } from '../../texts/texts.js';
import type { KeyName } from '../keys/names.js';
import type { Session } from '../session.js';

/** A point of a step where the learner is asked for something. */
export interface Place {
  readonly enter: EnterMeaning;
  readonly keys: readonly KeyName[];
  /** The machine that typed commands run on. */
  readonly machine: Machine | undefined;
  /** The task whose hint and reason are given, by its index. */
  readonly task: number | undefined;
  /** The tasks of the step that are not done, from this index on. */
  readonly openTasksFrom: number;
  readonly isQuestion: boolean;
  /** Shows what is to be read here. `on` if there is nothing to ask for. */
  show(session: Session): Promise<Outcome>;
  /** Does what Enter means. */
  press(session: Session): Promise<Outcome>;
  /** Takes a typed command or answer. */
  take(session: Session, text: string, on: Machine | undefined): Promise<Outcome>;
}

/** What follows from something typed. */
export type Outcome =
  /** Ask again. */
  | { readonly kind: 'stay' }
  /** Show this place again, and ask. */
  | { readonly kind: 'show' }
  /** This place is done. */
  | { readonly kind: 'on' }
  /** The whole step is done. */
  | { readonly kind: 'next' }
  | { readonly kind: 'go'; readonly index: number; readonly mustRestore: boolean }
  | { readonly kind: 'leave'; readonly isInterrupted: boolean }
  /** Nobody plays, and something is wrong. */
  | { readonly kind: 'stop'; readonly problem: string };

export const stay: Outcome = { kind: 'stay' };
export const on: Outcome = { kind: 'on' };
