import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const timeout = 60_000;
const interval = 300;

/**
 * Waits until the kernel is idle. Freeing the ten thousand virtual servers of a removed namespace keeps it busy for a
 * while.
 */
export async function waitUntilIdle(): Promise<void> {
  const start = performance.now();
  let before = readTicks();
  while (performance.now() - start < timeout) {
    await sleep(interval);
    const now = readTicks();
    if (now.idle - before.idle > 0.9 * (now.all - before.all)) return;
    before = now;
  }
}

/** Reads the first line of /proc/stat: ticks of all processors since boot. */
function readTicks() {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { idle: ticks[3] ?? 0, all: ticks.reduce((sum, count) => sum + count, 0) };
}
