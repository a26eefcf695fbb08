/**
 * Creates a limit that lets `burst` uses through at once, and one more after each `refillMilliseconds`. A use that is
 * not let through costs nothing.
 */
export function createTokenBucket(burst: number, refillMilliseconds: number): () => boolean {
  let tokens = burst;
  let last = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + (now - last) / refillMilliseconds);
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
