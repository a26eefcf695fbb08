import type { LoopTiming } from '../../sync/loop.js';

interface Refused {
  /** The pause before the next attempt, in milliseconds. */
  readonly pause: number;
  /** When the next attempt is due, in milliseconds of `performance.now()`. */
  readonly due: number;
}

type Pauses = Pick<LoopTiming, 'firstRetryMilliseconds' | 'lastRetryMilliseconds'>;

/** Remembers which objects the API server refuses, and when each is tried again: after pauses that double. */
export class Refusals {
  readonly #refused = new Map<string, Refused>();
  readonly #pauses: Pauses;
  readonly #now: () => number;

  constructor(pauses: Pauses, now: () => number = () => performance.now()) {
    this.#pauses = pauses;
    this.#now = now;
  }

  get size(): number {
    return this.#refused.size;
  }

  /** Returns true if an object of the namespace is refused. */
  hasIn(namespace: string): boolean {
    for (const name of this.#refused.keys()) if (name.startsWith(`${namespace}/`)) return true;
    return false;
  }

  /** Returns true if an object is refused and its next attempt is not due yet. */
  isWaiting(name: string): boolean {
    const refused = this.#refused.get(name);
    return refused !== undefined && refused.due > this.#now();
  }

  due(): readonly string[] {
    return [...this.#refused.keys()].filter(name => !this.isWaiting(name));
  }

  forget(name: string): void {
    this.#refused.delete(name);
  }

  /**
   * Records an attempt.
   * @param names all objects of the attempt
   * @param refused those that were refused
   * @returns those that were not refused before
   */
  attempted(names: readonly string[], refused: readonly string[]): readonly string[] {
    const news = refused.filter(name => !this.#refused.has(name));
    const still = new Set(refused);
    for (const name of names) if (!still.has(name)) this.#refused.delete(name);
    for (const name of still) this.#refused.set(name, this.#next(this.#refused.get(name)));
    return news;
  }

  #next(before: Refused | undefined): Refused {
    const { firstRetryMilliseconds, lastRetryMilliseconds } = this.#pauses;
    const pause = before === undefined ? firstRetryMilliseconds : Math.min(2 * before.pause, lastRetryMilliseconds);
    return { pause, due: this.#now() + pause };
  }
}
