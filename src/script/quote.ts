/** Words that a POSIX shell reads as they stand. */
const plainWord = /^[\w@%+:,./=-]+$/;

/** The word as `sh` must see it to read back exactly the same. */
export const quoteWord = (word: string): string =>
  plainWord.test(word) || word === '!' ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** For rules: comments read better in double quotes, as the chapter writes them; everything else is quoted safely. */
export const quoteArgument = (word: string): string =>
  /^[\w@%+:,./= -]*'?[\w@%+:,./= -]*$/.test(word) && !plainWord.test(word) && word !== ''
    ? `"${word}"`
    : quoteWord(word);

export const quoteCommand = (argv: readonly string[]): string => argv.map(quoteArgument).join(' ');

/** Text for one or more comment lines: nothing of it can end up outside of the comment. */
export const commentLines = (text: string): readonly string[] =>
  text.split(/[\n\r\u2028\u2029\v\f]+/).map(line => `# ${line.trimEnd()}`.trimEnd());

/** A here-document of the text, with a delimiter that is not one of its lines. */
export function hereDocument(text: string): string {
  const lines = new Set(text.split('\n'));
  let delimiter = 'EOF';
  while (lines.has(delimiter)) delimiter += '_';
  return `<<'${delimiter}'\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${delimiter}`;
}
