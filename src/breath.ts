import { setImmediate } from 'node:timers/promises';

/** How long a computation may keep probes and signals waiting, in milliseconds. */
const longestStretch = 50;

/** How many elements a part of a computation looks at. It takes about a millisecond. */
const elementsPerPart = 1_000;

/** A look at so many elements takes no longer than a breath may wait, and a loop that yields costs twice as much. */
export const fewElements = 10_000;

/**
 * A computation in parts. Between two of them, where it yields, whoever drives it may let others have their turn. What
 * it computes from must not change until it ends.
 */
export type InParts<Result> = Generator<undefined, Result, undefined>;

/** Returns the result of a computation without a break. */
export function atOnce<Result>(computation: InParts<Result>): Result {
  for (;;) {
    const { done, value } = computation.next();
    if (done) return value;
  }
}

/** Returns the result of a computation, and answers probes and signals meanwhile. */
export async function withBreaths<Result>(computation: InParts<Result>): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const { done, value } = computation.next();
    if (done) return value;
    // Asking for the time costs less than a turn of the event loop.
    if (performance.now() - since <= longestStretch) continue;
    await setImmediate();
    since = performance.now();
  }
}

/** Visits each item, and yields between parts. */
export function* eachInParts<Item>(items: Iterable<Item>, visit: (item: Item) => void): InParts<void> {
  let visited = 0;
  for (const item of items) {
    visit(item);
    visited += 1;
    if (visited % elementsPerPart === 0) yield;
  }
}
