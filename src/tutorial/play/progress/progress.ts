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
 * Reads a kept progress.
 * @returns undefined if the text is none, is of another version, or names a step that the lesson does not have
 */
export function parseProgress(text: string, knownSteps: ReadonlySet<string>): Progress | undefined {
  const value = parsedObject(text);
  if (value === undefined || value.version !== version) return undefined;
  const { step, done, isFinished } = value;
  if (typeof step !== 'string' || !knownSteps.has(step) || typeof isFinished !== 'boolean') return undefined;
  if (!Array.isArray(done) || !done.every(id => typeof id === 'string')) return undefined;
  return { step, done: done.filter(id => knownSteps.has(id)), isFinished };
}
