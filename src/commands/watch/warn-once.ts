import type { Log } from '../../output/log.js';

/** Returns a function that logs each warning only once. */
export function createWarnOnce({ warning }: Log): (line: string) => void {
  const lines = new Set<string>();
  return line => {
    if (lines.has(line)) return;
    lines.add(line);
    warning(line);
  };
}
