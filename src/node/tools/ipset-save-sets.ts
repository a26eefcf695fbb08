import type { Family } from '../../net/address.js';
import { type Table, table } from '../../table.js';
import type { MatchSet, SetEntry } from '../datapath/datapath.js';
import { withProtocolName } from './entry-protocol.js';
import { hasOddQuotes } from './ipset-save.js';
import { linesOf } from './text.js';

const command = 'ipset save';
const families: Table<Family> = table({ inet: 'IPv4', inet6: 'IPv6' });

interface OpenSet extends Omit<MatchSet, 'entries'> {
  readonly entries: SetEntry[];
}

/**
 * Parses the output of `ipset save`: the sets of all software, of any type, with their entries. What extensions add to
 * an entry (a timeout, counters, a comment, marks) is left out.
 * @throws SyntaxError on a line that is neither a set nor an entry, or is cut off
 */
export function parseMatchSets(text: string): readonly MatchSet[] {
  const sets = new Map<string, OpenSet>();
  // The comment of an entry may have line breaks.
  let isInComment = false;
  for (const line of linesOf(text, command)) {
    const endsComment = isInComment;
    if (hasOddQuotes(line)) isInComment = !isInComment;
    if (!endsComment && line !== '') readLine(line, sets);
  }
  return [...sets.values()];
}

function readLine(line: string, sets: Map<string, OpenSet>): void {
  const [verb, name = '', value = '', ...options] = (line.split('"', 1)[0] ?? '').trimEnd().split(' ');
  if (verb === 'create' && value !== '') {
    const family = families[options[options.indexOf('family') + 1] ?? ''];
    const deciding = optionsThatDecide(options);
    sets.set(name, { name, type: value, family, entries: [], ...(deciding.length === 0 ? {} : { options: deciding }) });
    return;
  }
  const set = sets.get(name);
  if (verb !== 'add' || value === '' || set === undefined)
    throw new SyntaxError(`${command} printed a line that is neither a set nor an entry: ${line}`);
  set.entries.push({
    value: withProtocolName(value),
    ...(options.includes('nomatch') ? { isException: true } : {}),
    ...(options.includes('wildcard') ? { isWildcard: true } : {}),
  });
}

/** What of an address or a mark the set looks up. All other options decide nothing. */
const cuts: ReadonlySet<string> = new Set(['netmask', 'bitmask', 'markmask']);

const optionsThatDecide = (options: readonly string[]): readonly string[] =>
  options.filter((word, index) => cuts.has(word) || cuts.has(options[index - 1] ?? ''));
