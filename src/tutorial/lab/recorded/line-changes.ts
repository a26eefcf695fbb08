/** A text by its lines: a new line, or a run of lines of another text as `[first, count]`. */
export type LineChanges = readonly (string | readonly [first: number, count: number])[];

/** Returns a text as what differs from another one. */
export function lineChanges(before: string, after: string): LineChanges {
  const places = new Map(before.split('\n').map((line, index) => [line, index]));
  const changes: (string | [number, number])[] = [];
  for (const line of after.split('\n')) {
    const place = places.get(line);
    const last = changes.at(-1);
    if (place === undefined) changes.push(line);
    else if (Array.isArray(last) && last[0] + last[1] === place) last[1] += 1;
    else changes.push([place, 1]);
  }
  return changes;
}

/** Returns the text that `lineChanges` was given as `after`. */
export function changedLines(before: string, changes: LineChanges): string {
  const lines = before.split('\n');
  return changes
    .flatMap(change => (typeof change === 'string' ? [change] : lines.slice(change[0], change[0] + change[1])))
    .join('\n');
}
