/** Returns bytes in pieces of the given lengths, which repeat until all bytes are in one. */
export function inPieces(bytes: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += pieces.at(-1)?.length ?? 0)
    pieces.push(bytes.subarray(start, start + (lengths[pieces.length % lengths.length] ?? 1)));
  return pieces;
}
