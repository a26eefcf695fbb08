/**
 * Returns a text without the white space around it, as Go's `strings.TrimSpace` does. `String.prototype.trim` differs
 * in two characters: it keeps U+0085, which the API server accepts around a source range, and removes U+FEFF, which the
 * API server refuses.
 */
export function trimSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** Unicode's White_Space beyond Latin-1, without the range U+2000 to U+200A. */
const wideSpaces: ReadonlySet<number> = new Set([0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);

/** Returns true for a code unit with Unicode's property White_Space (Go's `unicode.IsSpace`). */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x80) return false;
  return code === 0x85 || code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || wideSpaces.has(code);
}
