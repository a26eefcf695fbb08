import { KproxyError } from '../../errors.js';
import type { Loaded } from './progress/progress-file.js';
import { findStep, type PlacedStep, type Route } from './route.js';

/** Where a lesson starts. */
export interface Start {
  readonly at: PlacedStep;
  /** The ids of the steps that are done. */
  readonly done: readonly string[];
  /** `resumed`: at a step of an earlier time. `finished`: the learner has seen all of it. `named`: by --step. */
  readonly kind: 'beginning' | 'resumed' | 'finished' | 'named';
}

/**
 * Returns where to start.
 * @param named the value of --step
 * @throws KproxyError option-invalid if there is no such step
 */
export function startOf(route: Route, named: string | undefined, loaded: Loaded): Start {
  const progress = loaded.kind === 'loaded' ? loaded.progress : undefined;
  const done = progress?.done ?? [];
  if (named !== undefined) return { kind: 'named', done, at: requireStep(route, named) };
  const first = requireStep(route, '1');
  if (progress?.isFinished) return { kind: 'finished', done, at: first };
  const at = progress === undefined ? first : requireStep(route, progress.step);
  return at === first ? { kind: 'beginning', done, at } : { kind: 'resumed', done, at };
}

function requireStep(route: Route, name: string): PlacedStep {
  const step = findStep(route, name);
  if (step !== undefined) return step;
  throw new KproxyError({
    code: 'option-invalid',
    message: `the lesson has no step ${JSON.stringify(name)}`,
    advice: `Give a number from 1 to ${route.length}, or an id: ${route.map(placed => placed.step.id).join(', ')}.`,
  });
}
