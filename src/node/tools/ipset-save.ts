import type { Entry, IpSet, SetType } from '../element.js';
import type { ForeignUse } from '../finding.js';
import { setKey, wholeRange } from '../kinds/ipset.js';
import { ownSetName } from '../names.js';
import { withProtocolName } from './entry-protocol.js';
import { linesOf } from './text.js';

const command = 'ipset save';

/**
 * Parses the output of `ipset save`: kproxy's sets with their entries. Sets of other software are skipped.
 * @throws SyntaxError on a line that is neither a set nor an entry, or is cut off
 */
export function* parseIpsetSave(text: string): Generator<IpSet | Entry | ForeignUse> {
  // The comment of an entry may have line breaks.
  let isInComment = false;
  for (const line of linesOf(text, command)) {
    const endsComment = isInComment;
    if (hasOddQuotes(line)) isInComment = !isInComment;
    if (endsComment) continue;
    const set = ownSetName(nameIn(line));
    if (line.startsWith('add ')) {
      if (set !== undefined) yield parseAdd(line, set);
      else yield* usesIn(line);
    } else if (line.startsWith('create ')) {
      if (set !== undefined) yield parseCreate(line);
    } else if (line !== '')
      throw new SyntaxError(`${command} printed a line that is neither a set nor an entry: ${line}`);
  }
}

/** Returns true for a line at which the text of a comment begins or ends, but not both. */
export const hasOddQuotes = (line: string): boolean => line.includes('"') && line.split('"').length % 2 === 0;

/** Finds an own set in a set of other software, which may be a list of sets. */
function* usesIn(line: string): Generator<ForeignUse> {
  const [, list, member = ''] = line.split(' ', 3);
  if (ownSetName(member) !== undefined) yield { kind: 'foreign-use', of: setKey(member), user: `set ${list}` };
}

/** Returns the second word of a line. */
function nameIn(line: string): string {
  const start = line.indexOf(' ') + 1;
  const end = line.indexOf(' ', start);
  return line.slice(start, end < 0 ? undefined : end);
}

/** Leaves out what extensions add to an entry: a timeout, counters, a comment, marks. */
function parseAdd(line: string, set: string): Entry {
  const start = 'add '.length + set.length + 1;
  const end = line.indexOf(' ', start);
  if (end < 0) return { kind: 'entry', set, value: withProtocolName(line.slice(start)) };
  const entry: Entry = { kind: 'entry', set, value: withProtocolName(line.slice(start, end)) };
  return / nomatch( |$)/.test(line.slice(end).split('"')[0] ?? '') ? { ...entry, isException: true } : entry;
}

/** Options that kproxy compares itself, or that make no difference to what a set holds and for how long. */
const otherOptions: ReadonlySet<string> = new Set(['family', 'maxelem', 'hashsize', 'bucketsize', 'initval']);
const flagOptions: ReadonlySet<string> = new Set(['counters', 'comment', 'skbinfo', 'forceadd']);

function parseCreate(line: string): IpSet {
  const [, name = '', type = '', ...words] = line.trimEnd().split(' ');
  const options: SetOption[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const option = words[at] ?? '';
    options.push(flagOptions.has(option) ? [option, undefined] : [option, words[++at]]);
  }
  return ipsetOf(name, type, options);
}

const families = { inet: 'IPv4', inet6: 'IPv6' } as const;

/** An option of a set and its value, if it has one. */
export type SetOption = readonly [name: string, value: string | undefined];

/** Returns a set from the words that ipset has for it. */
export function ipsetOf(name: string, type: string, options: readonly SetOption[]): IpSet {
  const values = new Map(options);
  const maximum = values.get('maxelem');
  const extensions = options.filter(option => !isUsual(option)).map(words => words.filter(Boolean).join(' '));
  return {
    kind: 'set',
    name,
    type: type as SetType,
    family: families[values.get('family') as keyof typeof families],
    maximum: maximum === undefined ? undefined : Number(maximum),
    ...(extensions.length === 0 ? {} : { extensions }),
  };
}

const isUsual = ([name, value]: SetOption): boolean =>
  otherOptions.has(name) || (name === 'range' && value === wholeRange);
