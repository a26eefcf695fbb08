import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until the condition holds.
 * @param what what is waited for, for the error
 * @throws Error if the time is over first
 */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seconds = 300,
  interval = 200,
): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(interval);
  }
}
