import type { Change } from './change.js';

/** A change that the kernel or a tool refuses, while it accepts others of its kind. */
export interface Refusal {
  /** The key of the change's element. */
  readonly key: string;
  readonly change: Change;
  /** The command that was refused and what the tool said, in one line. */
  readonly word: string;
}

/** Refusals by the keys of their elements. */
export type Refusals = ReadonlyMap<string, Refusal>;

export const noRefusals: Refusals = new Map();
