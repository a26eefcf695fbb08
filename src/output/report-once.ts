/** Returns a reporter that passes each distinct line on only once. */
export function reportOnce(report: (line: string) => void): (line: string) => void {
  const lines = new Set<string>();
  return line => {
    if (lines.has(line)) return;
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
