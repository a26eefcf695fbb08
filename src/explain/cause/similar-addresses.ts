/** How many characters of an address may differ for it to be taken for a slip. */
const mostEdits = 2;
const mostSimilar = 3;

/** Returns the known addresses that differ from one in a character or two, the most similar first. */
export const similarAddresses = (address: string, known: readonly string[]): readonly string[] =>
  known
    .map(other => ({ other, edits: editsBetween(address, other) }))
    .filter(({ edits }) => edits <= mostEdits)
    .sort((one, another) => one.edits - another.edits)
    .slice(0, mostSimilar)
    .map(({ other }) => other);

/** Returns how many characters must be added, removed or changed to turn one text into another (Levenshtein). */
export function editsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > mostEdits) return mostEdits + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let index = 1; index <= other.length; index += 1) {
      const changed = (row[index - 1] ?? 0) + (one[at - 1] === other[index - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
