/** Returns those of the names that differ from this one in few characters, in alphabetical order. */
export const similarNames = (name: string, names: Iterable<string>): readonly string[] =>
  [...new Set(names)].filter(other => isSimilarName(name, other)).sort();

/** Returns true for names that differ in at most a quarter of their characters, and in no more than two. */
export const isSimilarName = (one: string, other: string): boolean =>
  differences(one, other) <= Math.min(2, one.length / 4);

/** Returns how many characters must be inserted, removed or replaced to make one text of the other (Levenshtein). */
function differences(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [line, character] of Array.from(one).entries()) {
    const next = [line + 1];
    for (let column = 0; column < other.length; column += 1) {
      const replaced = (row[column] ?? 0) + (other[column] === character ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
