import { type Table, table } from '../../table.js';
/**
 * Returns true if a shell would ask for more lines after this text: a quote, a here-document, a loop or a group is
 * open, or the last line goes on. A text that no shell accepts is complete: the shell reports what is wrong.
 */
export function needsMoreLines(text: string): boolean {
  const scan = scanner(text);
  while (scan.position < text.length) if (!readNext(scan)) return true;
  return scan.documents.length > 0 || scan.closers.length > 0 || scan.isJoined;
}

interface Scan {
  readonly text: string;
  position: number;
  /** What ends each open group, the innermost last. */
  readonly closers: string[];
  /** Here-documents that begin at the next line. */
  documents: HereDocument[];
  /** True where a command may begin, so that `do` and `{` have a meaning. */
  isCommandNext: boolean;
  /** True after an operator that needs another command, as a pipe. */
  isJoined: boolean;
}

interface HereDocument {
  readonly end: string;
  /** True for `<<-`, which removes tabs. */
  readonly isIndented: boolean;
}

const scanner = (text: string): Scan => ({
  text,
  position: 0,
  closers: [],
  documents: [],
  isCommandNext: true,
  isJoined: false,
});

/** Reads a word, an operator or blanks. Returns false if the text ends within it. */
function readNext(scan: Scan): boolean {
  const rest = scan.text.slice(scan.position);
  const blanks = /^[ \t]+|^\\\n/.exec(rest)?.[0];
  if (blanks !== undefined) return advance(scan, blanks.length);
  if (rest.startsWith('\n')) return readLineEnd(scan);
  if (rest.startsWith('#')) return advance(scan, /^.*/.exec(rest)?.[0].length ?? 0);
  const document = /^<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|\\?([^\s;|&<>()'"]+))/.exec(rest);
  if (document !== null && !rest.startsWith('<<<')) return readDocumentWord(scan, document);
  const operator = /^(?:&&|\|\||;;|<<<|[|&;()<>])/.exec(rest)?.[0];
  return operator === undefined ? readWord(scan) : readOperator(scan, operator);
}

function advance(scan: Scan, length: number): true {
  scan.position += length;
  return true;
}

/** Reads a line's end, and the here-documents that begin after it. */
function readLineEnd(scan: Scan): boolean {
  scan.position += 1;
  scan.isCommandNext = true;
  for (const { end, isIndented } of scan.documents) {
    for (let line: string | undefined; line !== end; ) {
      if (scan.position > scan.text.length) return false;
      const next = /^.*/.exec(scan.text.slice(scan.position))?.[0] ?? '';
      line = isIndented ? next.replace(/^\t+/, '') : next;
      if (scan.position + next.length >= scan.text.length && line !== end) return false;
      scan.position += next.length + 1;
    }
  }
  scan.documents = [];
  return true;
}

function readDocumentWord(scan: Scan, match: RegExpExecArray): true {
  const [whole, dash, inQuotes, inDoubleQuotes, plain] = match;
  scan.documents.push({ end: inQuotes ?? inDoubleQuotes ?? plain ?? '', isIndented: dash === '-' });
  return advance(scan, whole.length);
}

function readOperator(scan: Scan, operator: string): true {
  if (operator === '(') scan.closers.push(')');
  if (operator === ')' && scan.closers.at(-1) === ')') scan.closers.pop();
  const isRedirection = /[<>]/.test(operator);
  scan.isJoined = ['|', '||', '&&'].includes(operator);
  if (!isRedirection) scan.isCommandNext = true;
  return advance(scan, operator.length);
}

const closerOf: Table<string> = table({
  for: 'done',
  while: 'done',
  until: 'done',
  if: 'fi',
  case: 'esac',
  '{': '}',
});
/** Words after which another command begins. */
const leaders = new Set(['do', 'then', 'else', 'elif', 'while', 'until', 'if', '{', '!', 'time']);

function readWord(scan: Scan): boolean {
  const length = wordLength(scan.text, scan.position);
  if (length === undefined) return false;
  const word = scan.text.slice(scan.position, scan.position + length);
  const wasCommand = scan.isCommandNext;
  scan.isJoined = false;
  scan.isCommandNext = wasCommand && leaders.has(word);
  if (wasCommand) countKeyword(scan, word);
  return advance(scan, length);
}

function countKeyword({ closers }: Scan, word: string): void {
  if (closers.at(-1) === word) closers.pop();
  else if (Object.hasOwn(closerOf, word)) closers.push(closerOf[word] ?? '');
}

/** Returns the length of the word at a position, its quotes included, or undefined if the text ends within a quote. */
function wordLength(text: string, start: number): number | undefined {
  let position = start;
  while (position < text.length && !/[\s;|&<>()]/.test(text[position] ?? '')) {
    const length = partLength(text.slice(position));
    if (length === undefined) return undefined;
    position += length;
  }
  return position - start;
}

const quoted: readonly RegExp[] = [/^'[^']*'/, /^"(?:[^"\\]|\\[\s\S])*"/, /^`(?:[^`\\]|\\[\s\S])*`/, /^\\[\s\S]/];

function partLength(rest: string): number | undefined {
  if (rest.startsWith('$(')) return substitutionLength(rest);
  if (!/^['"`\\]/.test(rest)) return 1;
  return quoted.map(pattern => pattern.exec(rest)?.[0].length).find(length => length !== undefined);
}

/** Returns the length of `$(…)`, by counting parentheses outside quotes. */
function substitutionLength(rest: string): number | undefined {
  let depth = 0;
  for (let position = 1; position < rest.length; ) {
    const character = rest[position];
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0) return position + 1;
    const length = character === '(' || character === ')' ? 1 : partLength(rest.slice(position));
    if (length === undefined) return undefined;
    position += length;
  }
  return undefined;
}
