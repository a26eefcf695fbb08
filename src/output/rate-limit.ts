/**
 * Lets `burst` uses of each key through at once, and one more after each `refillMilliseconds`. Remembers a key only as
 * long as its burst is not restored.
 */
export class RateLimit {
  /** When the burst of a key is restored, in milliseconds of `performance.now()`. */
  readonly #restored = new Map<string, number>();
  readonly #burst: number;
  readonly #refill: number;

  constructor(burst: number, refillMilliseconds: number) {
    this.#burst = burst;
    this.#refill = refillMilliseconds;
  }

  /** Returns true if the key may be used now, and counts the use. */
  take(key: string): boolean {
    const now = performance.now();
    const restored = Math.max(this.#restored.get(key) ?? now, now) + this.#refill;
    if (restored - now > this.#burst * this.#refill) return false;
    this.#forgetRestored(now);
    this.#restored.set(key, restored);
    return true;
  }

  /** The number of keys that are remembered. */
  get size(): number {
    return this.#restored.size;
  }

  #forgetRestored(now: number): void {
    for (const [key, restored] of this.#restored) if (restored <= now) this.#restored.delete(key);
  }
}
