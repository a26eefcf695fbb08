/** `!` or an option at the end of a text. Japanese may be before an option without a blank. */
const negation = /(?:^| )!$/;
const option = /(?<![\w-])--?[a-z][\w-]*$/i;

/** Returns true if the word at a position should be in one line with the option or the `!` before it. */
export function staysWithOption(text: string, position: number): boolean {
  const before = text.slice(0, Math.max(0, position - 1));
  return negation.test(before) || (option.test(before) && text[position] !== '-');
}
