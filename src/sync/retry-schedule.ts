import type { Refusal } from '../node/refusal.js';
import { isTriedTogether } from '../node/try-together.js';

/** The most full syncs from one attempt to the next: 8 minutes with the default period. */
const longestPause = 16;

/** How many refusals are tried in one sync of those that take a process each. The others wait for the next one. */
const mostAlone = 16;

interface Turn {
  readonly pause: number;
  readonly due: number;
}

/**
 * Decides at which full syncs what a node refused is tried again: at the next one, and then after 2, 4, 8 and 16 more.
 */
export class RetrySchedule {
  #turns: ReadonlyMap<string, Turn> = new Map();
  #fullSyncs = 0;

  /** Begins a full sync, and returns the refusals that it is to try again. */
  due(refusals: readonly Refusal[]): readonly Refusal[] {
    this.#fullSyncs += 1;
    let alone = 0;
    return refusals.filter(({ key, change }) => {
      if ((this.#turns.get(key)?.due ?? 0) > this.#fullSyncs) return false;
      if (isTriedTogether(change)) return true;
      alone += 1;
      return alone <= mostAlone;
    });
  }

  /**
   * Ends the attempts of a full sync.
   * @param tried what it tried
   * @param left everything that is still refused
   */
  tried(tried: readonly Refusal[], left: readonly Refusal[]): void {
    const isTried = new Set(tried.map(({ key }) => key));
    this.#turns = new Map(left.flatMap(({ key }) => this.#turnOf(key, isTried.has(key))));
  }

  /** Makes everything due at the next full sync, because the node has changed. */
  restart(): void {
    this.#turns = new Map();
  }

  #turnOf(key: string, isTried: boolean): readonly (readonly [string, Turn])[] {
    const before = this.#turns.get(key);
    if (!isTried) return before === undefined ? [] : [[key, before]];
    const pause = Math.min(2 * (before?.pause ?? 1), longestPause);
    return [[key, { pause, due: this.#fullSyncs + pause }]];
  }
}
