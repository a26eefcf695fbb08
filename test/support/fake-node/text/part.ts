import type { FakeKernel } from '../kernel.js';

/** How one program's lines build a part of a kernel. */
export interface TextPart {
  /** Returns the lines that build this part on a fresh machine, in canonical order, without the program's name. */
  print(kernel: FakeKernel): readonly string[];
  /**
   * Runs one line.
   * @throws Error on a word that the program does not know
   */
  run(kernel: FakeKernel, words: readonly string[]): void;
}

/** Fails a text that says something which the fake does not know. */
export const wrong = (program: string, words: readonly string[], why = 'unknown words'): never => {
  throw new Error(`a kernel's text has a wrong line: ${program} ${words.join(' ')} (${why})`);
};

/** Returns the keys of a map, sorted. */
export const sortedKeys = <Value>(map: ReadonlyMap<string, Value>): readonly string[] => [...map.keys()].sort();
