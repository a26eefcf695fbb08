import type { Kubectl } from './kubectl-command.js';

/**
 * Returns a kubectl that runs at most so many commands at a time. Further commands wait in the order of their calls.
 */
export function limitConcurrency(maximum: number, kubectl: Kubectl): Kubectl {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (...call) => {
    if (running === maximum) await new Promise<void>(resolve => waiting.push(resolve));
    else running += 1;
    try {
      return await kubectl(...call);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
