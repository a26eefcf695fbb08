import { inNumericOrder } from '../numeric-order.js';
import type { Movement } from '../observed.js';

export const added = (where: string, after: string): Movement => ({ mark: '+', where, after });

export const removed = (where: string, before: string): Movement => ({ mark: '-', where, before });

export const changed = (where: string, before: string, after: string): Movement => ({
  mark: '~',
  where,
  before,
  after,
});

/** Returns what moved between two texts, of which undefined is none. */
export function between(where: string, before: string | undefined, after: string | undefined): readonly Movement[] {
  if (before === after) return [];
  if (before === undefined) return after === undefined ? [] : [added(where, after)];
  return [after === undefined ? removed(where, before) : changed(where, before, after)];
}

/** Returns what moved in a list whose order does not matter. */
export const inList = (where: string, before: readonly string[], after: readonly string[]): readonly Movement[] => [
  ...inNumericOrder(before.filter(item => !after.includes(item))).map(item => removed(where, item)),
  ...inNumericOrder(after.filter(item => !before.includes(item))).map(item => added(where, item)),
];

/** Returns the keys of both maps: first those of the later one in its order, then those that are gone. */
export const keysOf = (
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly string[] => [...new Set([...after.keys(), ...before.keys()])];

/** Returns ` (2 rules)`, or an empty text for none. */
export const holding = (count: number, one: string, several: string): string =>
  count === 0 ? '' : ` (${count} ${count === 1 ? one : several})`;
