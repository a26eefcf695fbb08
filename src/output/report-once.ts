/** How many lines are remembered. Lines about objects have no end. */
const mostRemembered = 1_000;

/** Returns a reporter that passes a line on only if it is none of the last thousand that it has passed on. */
export function reportOnce(report: (line: string) => void): (line: string) => void {
  const lines = new Set<string>();
  return line => {
    if (lines.has(line)) return;
    const [oldest] = lines;
    if (lines.size >= mostRemembered && oldest !== undefined) lines.delete(oldest);
    lines.add(line);
    report(line);
  };
}

/**
 * Returns a reporter for the complete list of what is wrong at a time. It passes a line on when the list before did not
 * have it, so that a line that goes and comes back is reported again.
 */
export function reportNew(report: (line: string) => void): (lines: readonly string[]) => void {
  let last: ReadonlySet<string> = new Set();
  return lines => {
    const now = new Set(lines);
    for (const line of now) if (!last.has(line)) report(line);
    last = now;
  };
}
