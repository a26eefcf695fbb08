import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const longest = 60_000;
const step = 300;

/** Waits until the kernel has cleared away what there was before: ten thousand virtual servers of a namespace that is gone keep it busy for a while. */
export async function untilIdle(): Promise<void> {
  const start = performance.now();
  let before = idleTicks();
  while (performance.now() - start < longest) {
    await sleep(step);
    const now = idleTicks();
    if (now.idle - before.idle > 0.9 * (now.all - before.all)) return;
    before = now;
  }
}

/** The first line of /proc/stat, in the kernel's ticks. */
function idleTicks() {
  const ticks = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  return { idle: ticks[3] ?? 0, all: ticks.reduce((sum, one) => sum + one, 0) };
}
