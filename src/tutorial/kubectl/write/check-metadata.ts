import type { Metadata, Texts } from '../objects/object.js';
import { keyProblem, valueProblem } from '../select/label-words.js';

/** Returns `PATH: Invalid value: VALUE: WORDS`. */
export const invalidValue = (path: string, value: unknown, words: string): string =>
  `${path}: Invalid value: ${JSON.stringify(value)}: ${words}`;

/** Returns what is wrong with the labels and annotations. */
export const metadataProblems = ({ labels = {}, annotations = {} }: Metadata): readonly string[] => [
  ...labelProblems('metadata.labels', labels),
  ...Object.keys(annotations).flatMap(key => problemOf('metadata.annotations', key.toLowerCase(), keyProblem)),
];

/** Returns what is wrong with labels, or with a selector. */
export const labelProblems = (path: string, labels: Texts): readonly string[] =>
  Object.entries(labels).flatMap(([key, value]) => [
    ...problemOf(path, key, keyProblem),
    ...problemOf(path, value, valueProblem),
  ]);

function problemOf(path: string, value: string, find: (value: string) => string | undefined): readonly string[] {
  const problem = find(value);
  return problem === undefined ? [] : [invalidValue(path, value, problem)];
}
