/** How the Japanese words begin that count things. They follow a number and a blank. */
const counters = 'つ回台枚個人行本件字文秒分幕番種段手か';
/** What makes an ordinal of the number that follows it. */
const ordinal = '第 ';

/** Returns true if the word at a position is to be in one line with the number before it, or with the ordinal sign. */
export function staysWithNumber(text: string, position: number): boolean {
  const before = text.slice(0, position);
  if (/^\d/.test(text.slice(position))) return before.endsWith(ordinal);
  return counters.includes(text.charAt(position)) && /(^|[^\w.:/-])[\d,]*\d $/.test(before);
}
