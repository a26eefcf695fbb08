/** A piece of a text: a word, a blank, or a separator. */
export interface ChangedPart {
  readonly text: string;
  readonly isChanged: boolean;
}

/** Returns both texts in pieces. A piece is changed if the other text does not have it at its place in the order. */
export function changedParts(
  before: string,
  after: string,
): { readonly before: readonly ChangedPart[]; readonly after: readonly ChangedPart[] } {
  const old = piecesOf(before);
  const now = piecesOf(after);
  const common = commonPieces(old, now);
  return {
    before: old.map((text, index) => ({ text, isChanged: !common.some(pair => pair.old === index) })),
    after: now.map((text, index) => ({ text, isChanged: !common.some(pair => pair.now === index) })),
  };
}

const piecesOf = (text: string): readonly string[] => text.split(/([\s,]+)/).filter(piece => piece !== '');

/** Returns the positions of a longest common subsequence. The texts are a line or two long. */
function commonPieces(old: readonly string[], now: readonly string[]): readonly { old: number; now: number }[] {
  // lengths[i][j] is the length for what follows position i of the one and j of the other.
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const length = old[i] === now[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
      lengths[i]?.splice(j, 1, length);
    }
  }
  const pairs: { old: number; now: number }[] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    if (old[i] === now[j]) pairs.push({ old: i++, now: j++ });
    else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
