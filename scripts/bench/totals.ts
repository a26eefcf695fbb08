import type { Times } from './guest/task.js';

/** Returns the time of all steps of a contestant, for each round. */
export const totals = (times: Times, contestant: string): readonly number[] =>
  (times[contestant] ?? []).map(steps => Object.values(steps).reduce((sum, time) => sum + time, 0));
