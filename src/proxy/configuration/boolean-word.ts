import { type Table, table } from '../../table.js';

/** The words for true and false that Go's flags take (strconv.ParseBool). */
const words: Table<boolean> = table(
  Object.fromEntries([
    ...['1', 't', 'T', 'TRUE', 'true', 'True'].map(word => [word, true] as const),
    ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map(word => [word, false] as const),
  ]),
);

/** Returns what a word means as the value of a boolean flag, or undefined if it means neither. */
export const booleanOfWord = (word: string): boolean | undefined => words[word];
