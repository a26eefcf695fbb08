import { clientOf } from './client-of.js';

export interface RateLimits {
  /** How many requests a client may send each second in the long run. */
  readonly perSecond: number;
  /** How many requests a client that was quiet may send at once. */
  readonly burst: number;
}

interface Bucket {
  readonly tokens: number;
  /** When the tokens were counted, in milliseconds. */
  readonly at: number;
}

/**
 * Limits how often each client asks, so that one of them cannot take all of the process's time: a token bucket for each
 * client. It remembers only the clients of the last seconds, because a bucket that is full again needs no memory.
 */
export class RequestRate {
  readonly #limits: RateLimits;
  readonly #now: () => number;
  /** The client that asked last comes last. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param now returns a time in milliseconds that only grows */
  constructor(limits: RateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Returns true if the client with this address may send one more request now, and counts it. */
  take(address: string): boolean {
    const now = this.#now();
    this.#forgetFull(now);
    const client = clientOf(address);
    const tokens = this.#tokens(this.#buckets.get(client), now);
    // A client that asks in vain does not prolong its own wait.
    if (tokens < 1) return false;
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: tokens - 1, at: now });
    return true;
  }

  /** Returns the number of clients that are remembered. */
  size(): number {
    return this.#buckets.size;
  }

  #tokens(bucket: Bucket | undefined, now: number): number {
    const { burst, perSecond } = this.#limits;
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
  }

  #forgetFull(now: number): void {
    for (const [client, bucket] of this.#buckets) {
      if (this.#tokens(bucket, now) < this.#limits.burst) return;
      this.#buckets.delete(client);
    }
  }
}
