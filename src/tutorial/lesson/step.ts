import type { Check } from '../checks/check.js';
import type { InLanguages } from '../language.js';
import type { Machine } from '../machines.js';

/** A part of the lesson with steps of its own. */
export interface Act {
  readonly id: string;
  readonly title: InLanguages<string>;
  readonly steps: readonly Step[];
}

/** A page that is only read, or commands to run. */
export type Step = Page | Exercise;

export interface Page {
  readonly kind: 'page';
  /** Unique in the lesson. Progress is kept by it. */
  readonly id: string;
  readonly texts: InLanguages<PageText>;
}

export interface Exercise {
  readonly kind: 'exercise';
  readonly id: string;
  /** Run in this order. Each one is done when its check says so, whatever the learner typed. */
  readonly tasks: readonly Task[];
  /** The right answer to the question that is asked before the first task. Its text has the question. */
  readonly answer?: Choice;
  /**
   * The id of an earlier step. After this step the kernels and the cluster are as they were before that one, so going
   * to a later step leaves out both and all between them.
   */
  readonly undoes?: string;
  readonly texts: InLanguages<ExerciseText>;
}

export interface Task {
  readonly on: Machine;
  /** The command as it runs and is shown. May have several lines (a here-document). */
  readonly command: string;
  /** Fails before the command and passes after it. */
  readonly check: Check;
  /** The exit code that is expected if it is not 0, as for a curl that must fail. */
  readonly exitCode?: number;
}

export const choices = ['a', 'b', 'c'] as const;

export type Choice = (typeof choices)[number];

/** A paragraph is one string; its lines are broken for the terminal. */
export type Paragraph = string | Picture;

/** Lines that are printed as they are. At most 78 columns wide. */
interface Picture {
  readonly picture: string;
}

export interface PageText {
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
}

export interface ExerciseText {
  readonly title: string;
  /** One for each task, in their order. */
  readonly tasks: readonly TaskText[];
  /** Asked before the first task, and answered after the last one. */
  readonly question?: Question;
  /** Said once all tasks are done. */
  readonly after?: readonly Paragraph[];
}

export interface TaskText {
  /** Above the command: what it does, and why. */
  readonly before: readonly Paragraph[];
  /** For the key `hint`: where to look, without the answer if possible. One or two sentences. */
  readonly hint: string;
  /** For the key `why`: what goes wrong without the command, and how the kernel works here. */
  readonly why: readonly Paragraph[];
}

export interface Question {
  readonly ask: string;
  readonly choices: Readonly<Record<Choice, string>>;
  /** Said to everyone after the packet's fate was seen: why it is so. */
  readonly because: readonly Paragraph[];
}
