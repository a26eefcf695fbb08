/** Words that a POSIX shell reads without quotes. */
const plainWord = /^[\w@%+:,./=-]+$/;

/** Quotes a word so that `sh` reads back exactly the same. */
export const quoteWord = (word: string): string =>
  plainWord.test(word) || word === '!' ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Quotes a word of a rule. Comments get double quotes, as in the tutorial; everything else is quoted safely. */
export const quoteArgument = (word: string): string =>
  /^[\w@%+:,./= -]*'?[\w@%+:,./= -]*$/.test(word) && !plainWord.test(word) && word !== ''
    ? `"${word}"`
    : quoteWord(word);

export const quoteCommand = (argv: readonly string[]): string => argv.map(quoteArgument).join(' ');

/** Returns a text as comment lines, so that no part of it is outside of a comment. */
export const commentLines = (text: string): readonly string[] =>
  text.split(/[\n\r\u2028\u2029\v\f]+/).map(line => `# ${line.trimEnd()}`.trimEnd());

/** Returns a here-document of the text, with a delimiter that is not one of its lines. */
export function hereDocument(text: string): string {
  const lines = new Set(text.split('\n'));
  let delimiter = 'EOF';
  while (lines.has(delimiter)) delimiter += '_';
  return `<<'${delimiter}'\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${delimiter}`;
}
