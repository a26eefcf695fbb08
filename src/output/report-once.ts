/** Returns a reporter that passes each distinct line on only once. */
export function reportOnce(report: (line: string) => void): (line: string) => void {
  const lines = new Set<string>();
  return line => {
    if (lines.has(line)) return;
    lines.add(line);
    report(line);
  };
}
