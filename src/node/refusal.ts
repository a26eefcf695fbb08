import type { Change } from './change.js';

/** A change that the kernel or a tool refuses, while it accepts others of its kind. */
export interface Refusal {
  /** The key of the change's element. */
  readonly key: string;
  readonly change: Change;
  /** The command that was refused and what the tool said, in one line. */
  readonly word: string;
  /** True for a change that was not tried, because the node refuses many others. The next full sync tries it. */
  readonly isUntried?: true;
}

/** Refusals by the keys of their elements. */
export type Refusals = ReadonlyMap<string, Refusal>;

export const noRefusals: Refusals = new Map();
