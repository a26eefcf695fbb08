import type { Step } from '../../lesson/step.js';
import { endPlace } from './end-place.js';
import type { Place } from './place.js';
import { questionPlace } from './question-place.js';
import { readPlace } from './read-place.js';
import { taskPlace } from './task-place.js';

/** Returns the places of a step, in order. */
export function placesOf(step: Step): readonly Place[] {
  if (step.kind === 'page') return [readPlace(step)];
  return [
    ...(step.answer === undefined ? [] : [questionPlace(step)]),
    ...step.tasks.map((task, index) => taskPlace(step, index, task)),
    endPlace(step),
  ];
}
