import type { Times } from './guest/task.js';

/** A line of the table. */
export interface Figure {
  /** `10000x2`; empty where the size does not matter. */
  readonly size: string;
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MiB' | 'processes';
  /** What the value is compared with. */
  readonly against?: { readonly name: string; readonly value: number };
  /** The value by what it is compared with, or the other way round where more is better. */
  readonly ratio?: number;
  readonly budget?: Budget;
  /** Least, median and most of the runs, and how many there were. */
  readonly runs?: Spread;
  readonly note?: string;
}

export interface Budget {
  readonly of: 'ratio' | 'value';
  readonly limit: number;
  /** Whether the limit is the most or the least that is allowed. */
  readonly is: 'most' | 'least';
}

export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
  readonly count: number;
}

export type Verdict = 'ok' | 'over' | '';

export function verdictOf({ value, ratio, budget }: Figure): Verdict {
  if (budget === undefined) return '';
  const measured = budget.of === 'ratio' ? (ratio ?? Number.NaN) : value;
  return (budget.is === 'most' ? measured <= budget.limit : measured >= budget.limit) ? 'ok' : 'over';
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { least: at(0), median: at(Math.floor(sorted.length / 2)), most: at(sorted.length - 1), count: sorted.length };
}

/** The whole time of a contestant in each round. */
export const totals = (times: Times, contestant: string): readonly number[] =>
  (times[contestant] ?? []).map(steps => Object.values(steps).reduce((sum, one) => sum + one, 0));

/** Everything else in the machine can only make a run longer, so that the shortest is the nearest to the truth. */
export const least = (values: readonly number[]): number => spreadOf(values).least;

/** Rounds that differ so much say that somebody else was at work. */
export const isDisturbed = ({ least: fastest, median }: Spread): boolean => median > 1.25 * fastest;
