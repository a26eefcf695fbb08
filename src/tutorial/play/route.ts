import type { LabCommand } from '../lab/lab.js';
import type { Act, Step, Task } from '../lesson/step.js';

/** A step where it is in the lesson. */
export interface PlacedStep {
  /** From 0. */
  readonly index: number;
  readonly act: Act;
  /** From 1. */
  readonly actNumber: number;
  readonly step: Step;
}

/** The steps of all acts, in order. */
export type Route = readonly PlacedStep[];

export const routeOf = (acts: readonly Act[]): Route =>
  acts
    .flatMap((act, index) => act.steps.map(step => ({ act, actNumber: index + 1, step })))
    .map((placed, index) => ({ ...placed, index }));

/** Returns the step of an id, or of a number from 1. */
export const findStep = (route: Route, name: string): PlacedStep | undefined =>
  route.find(({ step }) => step.id === name) ?? (/^\d+$/.test(name) ? route[Number(name) - 1] : undefined);

/** Returns true if a step begins its act. */
export const isFirstOfAct = ({ act, step }: PlacedStep): boolean => act.steps[0] === step;

/**
 * Returns the commands that bring new machines to the beginning of a step. Leaves out a step that a later one undoes,
 * together with that one and all between them.
 */
export function commandsBefore(route: Route, index: number): readonly LabCommand[] {
  const steps: Step[] = [];
  for (const { step } of route.slice(0, index)) {
    if (step.kind === 'exercise' && step.undoes !== undefined) dropFrom(steps, step.undoes);
    else steps.push(step);
  }
  return steps.flatMap(tasksOf);
}

function dropFrom(steps: Step[], id: string): void {
  const from = steps.findIndex(step => step.id === id);
  if (from >= 0) steps.splice(from);
}

export const tasksOf = (step: Step): readonly Task[] => (step.kind === 'exercise' ? step.tasks : []);
