/** A line of the table. */
export interface Figure {
  /** `10000x2`, `300 nodes`; empty if the figure does not depend on the size. */
  readonly size: string;
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'MiB' | 'KB' | '×' | 'processes';
  /** What the value is compared with. */
  readonly against?: { readonly name: string; readonly value: number };
  /** The value divided by what it is compared with; inverted if more is better. */
  readonly ratio?: number;
  readonly budget?: Budget;
  readonly runs?: Spread;
  readonly note?: string;
}

export interface Budget {
  readonly of: 'ratio' | 'value';
  readonly limit: number;
  /** Whether the limit is the most or the least that is allowed. */
  readonly is: 'most' | 'least';
}

/** The least, median and most of several runs, and their count. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
  readonly count: number;
}

export type Verdict = 'ok' | 'over' | '';

/** Compares a figure with its budget. Returns an empty text if it has none. */
export function verdictOf({ value, ratio, budget }: Figure): Verdict {
  if (budget === undefined) return '';
  const amount = budget.of === 'ratio' ? (ratio ?? Number.NaN) : value;
  return (budget.is === 'most' ? amount <= budget.limit : amount >= budget.limit) ? 'ok' : 'over';
}

/** Returns an amount as tables show it: `640 ms`, `1.6 s`. */
export const figureText = ({ value, unit }: Pick<Figure, 'value' | 'unit'>): string =>
  unit === 'ms' && value >= 1_000 ? `${(value / 1_000).toFixed(1)} s` : `${value.toFixed(0)} ${unit}`;

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { least: at(0), median: at(Math.floor(sorted.length / 2)), most: at(sorted.length - 1), count: sorted.length };
}

/** Returns the shortest run. Other programs on the machine only make runs longer, so it is the most accurate one. */
export const least = (values: readonly number[]): number => spreadOf(values).least;

/** Returns true if the rounds differ so much that other programs must have disturbed them. */
export const isDisturbed = ({ least: fastest, median }: Spread): boolean => median > 1.25 * fastest;
