/** Returns a reporter of lists that grow and shrink: it passes on the lines that the list before did not have. */
export function reportNews(report: (line: string) => void): (lines: readonly string[]) => void {
  let known: ReadonlySet<string> = new Set();
  return lines => {
    const current = new Set(lines);
    for (const line of current) if (!known.has(line)) report(line);
    known = current;
  };
}
