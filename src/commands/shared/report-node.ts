import type { Io } from './io.js';

/** Reports on stderr what the user should know of a node, before anything is changed on it. */
export function reportRemarks(lines: readonly string[], io: Pick<Io, 'stderr'>): void {
  for (const line of lines) io.stderr(`${line}\n`);
}
