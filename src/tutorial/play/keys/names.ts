/** A key: what is typed at a prompt instead of a command. */
export interface KeyWords {
  readonly name: string;
  readonly letter: string;
  /** What can be typed in place of the letter. */
  readonly words: readonly string[];
  /** True if one word may follow: a machine, a step, a language. */
  readonly takesArgument: boolean;
}

/** In the order in which the line at the foot shows them. */
export const keyWords = [
  { name: 'shell', letter: 's', words: ['shell'], takesArgument: true },
  { name: 'hint', letter: 'h', words: ['hint'], takesArgument: false },
  { name: 'why', letter: 'w', words: ['why'], takesArgument: false },
  { name: 'back', letter: 'b', words: ['back'], takesArgument: false },
  { name: 'skip', letter: 'k', words: ['skip'], takesArgument: false },
  { name: 'reset', letter: 'r', words: ['reset'], takesArgument: false },
  { name: 'list', letter: 'l', words: ['list'], takesArgument: false },
  { name: 'step', letter: 'step', words: [], takesArgument: true },
  { name: 'language', letter: 'g', words: ['lang', 'language'], takesArgument: true },
  { name: 'help', letter: '?', words: ['help'], takesArgument: false },
  { name: 'quit', letter: 'q', words: ['quit', 'exit'], takesArgument: false },
] as const satisfies readonly KeyWords[];

export type KeyName = (typeof keyWords)[number]['name'];

/** Returns the key that a word names. */
export const keyNamed = (word: string): (KeyWords & { readonly name: KeyName }) | undefined =>
  keyWords.find(({ letter, words }) => letter === word || (words as readonly string[]).includes(word));
