import type { Language } from '../language.js';
import type { Choice, Paragraph } from '../lesson/step.js';
import type { Machine } from '../machines.js';
import type { Movement } from '../observe/observed.js';

/** Prints the lesson for a person to read. Colors only repeat what the text says. Every text is in one language. */
export interface Page {
  /** Begins a part of the lesson. */
  act(title: string): void;
  /**
   * Begins a fresh page: a rule across the terminal, the number and the title. What was there before scrolls away.
   */
  step(number: number, count: number, title: string): void;
  /**
   * Prints paragraphs with an empty line between them, broken at the width of the terminal. What is between backticks
   * is a word of the tools: a color replaces its backticks.
   */
  paragraphs(paragraphs: readonly Paragraph[]): void;
  /**
   * Returns how many of the paragraphs fit on the screen, below the title and above the line at the foot. At least one:
   * a picture is not split. All if the terminal does not say how many rows it has.
   */
  fitting(paragraphs: readonly Paragraph[], keys: readonly KeyLabel[]): number;
  /**
   * Prints a command with the prompt of its machine: `master$`, `inajob#` for root. One that is wider than the terminal
   * continues after a backslash, and is still the same command if it is copied.
   */
  command(on: Machine, isRoot: boolean, command: string): void;
  /**
   * Prints output as it arrives, without control sequences other than colors. Always ends at the beginning of a line,
   * without colors, once `endOutput` was called.
   */
  output(text: string): void;
  endOutput(): void;
  /** Prints what moved in the kernels and the cluster, with the changed part marked. */
  moved(heading: string, movements: readonly Movement[]): void;
  /** Prints a line that a mark precedes. */
  line(mark: LineMark, text: string): void;
  /** Prints a question with its choices. */
  question(ask: string, choices: Readonly<Record<Choice, string>>): void;
  /** Prints the line at the foot: what can be pressed now. Broken only between keys. */
  keys(keys: readonly KeyLabel[]): void;
}

/**
 * `done`: a check passes. `missing`: what a check lacks. `note`: the lesson's own word. `recorded`: no kernel answers.
 */
export type LineMark = 'done' | 'missing' | 'note' | 'error' | 'recorded';

export interface KeyLabel {
  /** What is typed: `Enter`, `h`. */
  readonly key: string;
  readonly does: string;
}

export interface PageOptions {
  readonly write: (text: string) => void;
  /** Asked for each text, so that a terminal may change its size. 0 and undefined count as 80. */
  readonly columns: () => number | undefined;
  /** 0 and undefined: there is no screen to fill. Default: undefined. */
  readonly rows?: () => number | undefined;
  readonly colors: boolean;
  readonly language: Language;
  /** True if the terminal can show characters beyond ASCII, by LANG. */
  readonly isUnicode: boolean;
}
