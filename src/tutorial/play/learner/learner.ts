/** Where typed lines come from: a person at a terminal, or nobody. */
export interface Learner {
  /** True if nobody types. Then the lesson stops at the first thing that goes wrong. */
  readonly isAutomatic: boolean;
  /** Waits for a line. A learner that is automatic leaves time to read, and then presses Enter. */
  ask(prompt: Prompt): Promise<Typed>;
  /** Runs something that Ctrl-C interrupts. */
  whileBusy<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T>;
  /** Leaves the terminal to something else meanwhile. */
  handOver<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

export interface Prompt {
  readonly text: string;
  /** True for a further line of a command. Empty lines then count, also those that were typed before the prompt. */
  readonly isContinued: boolean;
}

export type Typed =
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl-C. If something was typed, it is dropped. */
  | { readonly kind: 'interrupted'; readonly isSomethingDropped: boolean }
  /** Ctrl-D, or the end of the input. */
  | { readonly kind: 'ended' };
