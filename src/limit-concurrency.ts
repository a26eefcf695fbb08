/**
 * Returns a function that is called at most so many times at once, such as one that starts kubectl. Further calls wait
 * in their order.
 */
export function limitConcurrency<Arguments extends readonly unknown[], Result>(
  maximum: number,
  run: (...input: Arguments) => Promise<Result>,
): (...input: Arguments) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (...input) => {
    if (running === maximum) await new Promise<void>(resolve => waiting.push(resolve));
    else running += 1;
    try {
      return await run(...input);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
