import { parsedObject } from '../../plain-object.js';

/** How far a learner is. */
export interface Progress {
  /** The id of the step that the lesson goes on with. */
  readonly step: string;
  /** The ids of the steps that are done. */
  readonly done: readonly string[];
  readonly isFinished: boolean;
}

const version = 1;

export const formatProgress = (progress: Progress): string => `${JSON.stringify({ version, ...progress }, null, 2)}\n`;

/**
 * Reads a kept progress. If the lesson does not have its step any more, it goes on at the first one that is not done.
 * @param knownSteps in the order of the lesson
 * @returns undefined if the text is none, or is of another version
 */
export function parseProgress(text: string, knownSteps: ReadonlySet<string>): Progress | undefined {
  const value = parsedObject(text);
  if (value === undefined || value.version !== version) return undefined;
  const { step, done, isFinished } = value;
  if (typeof step !== 'string' || typeof isFinished !== 'boolean') return undefined;
  if (!Array.isArray(done) || !done.every(id => typeof id === 'string')) return undefined;
  const [first = step, ...others] = knownSteps;
  const open = [first, ...others].find(id => !done.includes(id)) ?? first;
  return { step: knownSteps.has(step) ? step : open, done: done.filter(id => knownSteps.has(id)), isFinished };
}
