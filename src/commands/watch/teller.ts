import type { Log } from '../../output/log.js';

/** Warns of each thing once. */
export function teller({ warning }: Log): (line: string) => void {
  const told = new Set<string>();
  return line => {
    if (told.has(line)) return;
    told.add(line);
    warning(line);
  };
}
