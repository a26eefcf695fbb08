/** How many lines are remembered. Lines about objects have no end. */
const mostRemembered = 1_000;

/**
 * Returns a reporter that passes a value on only if its line is none of the last thousand that were passed on.
 * @param lineOf returns the line of a value that is none itself
 */
export function reportOnce<Value = string>(
  report: (value: Value) => void,
  lineOf: (value: Value) => string = String,
): (value: Value) => void {
  const lines = new Set<string>();
  return value => {
    const line = lineOf(value);
    if (lines.has(line)) return;
    const [oldest] = lines;
    if (lines.size >= mostRemembered && oldest !== undefined) lines.delete(oldest);
    lines.add(line);
    report(value);
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
