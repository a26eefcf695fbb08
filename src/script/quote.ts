import { isVisible, replaceHidden, visible } from '../visible.js';

/** Words that a POSIX shell reads without quotes. */
const plainWord = /^[\w@%+:,./=-]+$/;

/** Quotes a word so that `sh` reads back exactly the same. Control and invisible characters become octal bytes. */
export function quoteWord(word: string): string {
  if (plainWord.test(word) || word === '!') return word;
  return isVisible(word) ? singleQuoted(word) : printedWord(word);
}

const singleQuoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** A command substitution drops line breaks at its end, so that these are quoted as they are. */
function printedWord(word: string): string {
  const [lineBreaks = ''] = /\n*$/.exec(word) ?? [];
  const format = word
    .slice(0, word.length - lineBreaks.length)
    .replaceAll('%', '%%')
    .replaceAll('\\', '\\\\');
  // A dash at its beginning would be an option.
  const text = replaceHidden(format, octal).replace(/^-/, octal);
  const printed = format === '' ? '' : `"$(printf ${singleQuoted(text)})"`;
  return `${printed}${lineBreaks === '' ? '' : singleQuoted(lineBreaks)}`;
}

const octal = (character: string): string =>
  Array.from(Buffer.from(character), byte => `\\${byte.toString(8).padStart(3, '0')}`).join('');

/** Quotes a word of a rule. Comments get double quotes, as in the tutorial; everything else is quoted safely. */
export const quoteArgument = (word: string): string =>
  /^[\w@%+:,./= -]*'?[\w@%+:,./= -]*$/.test(word) && !plainWord.test(word) && word !== ''
    ? `"${word}"`
    : quoteWord(word);

export const quoteCommand = (argv: readonly string[]): string => argv.map(quoteArgument).join(' ');

/** Returns a text as one comment line: a line break in it is written as `\\n`. */
export const commentLine = (text: string): string => `# ${visible(text).trimEnd()}`.trimEnd();

/** Returns a here-document of the text, with a delimiter that is not one of its lines. */
export function hereDocument(text: string): string {
  const lines = new Set(text.split('\n'));
  let delimiter = 'EOF';
  while (lines.has(delimiter)) delimiter += '_';
  return `<<'${delimiter}'\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${delimiter}`;
}
