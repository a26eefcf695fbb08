/**
 * Returns a function that calls `make` and shares its result with all calls of so many milliseconds. Shares a failure
 * only with the calls that wait for it.
 * @param now returns a time in milliseconds that only grows
 */
export function shareForAWhile<Value>(
  make: () => Promise<Value>,
  milliseconds: number,
  now: () => number,
): () => Promise<Value> {
  let shared: { readonly value: Promise<Value>; readonly until: number } | undefined;
  return () => {
    if (shared !== undefined && now() < shared.until) return shared.value;
    const made = { value: make(), until: now() + milliseconds };
    shared = made;
    made.value.catch(() => {
      if (shared === made) shared = undefined;
    });
    return made.value;
  };
}
