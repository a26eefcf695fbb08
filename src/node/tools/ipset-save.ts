import type { Entry, IpSet, SetType } from '../element.js';
import { ownSetName } from '../names.js';
import { withProtocolName } from './entry-protocol.js';
import { linesOf } from './text.js';

const command = 'ipset save';

/**
 * Parses the output of `ipset save`: kproxy's sets with their entries. Sets of other software are skipped.
 * @throws SyntaxError on a line that is neither a set nor an entry, or is cut off
 */
export function* parseIpsetSave(text: string): Generator<IpSet | Entry> {
  for (const line of linesOf(text, command)) {
    const set = ownSetName(nameIn(line));
    if (line.startsWith('add ')) {
      if (set !== undefined) yield { kind: 'entry', set, value: entryIn(line, set) };
    } else if (line.startsWith('create ')) {
      if (set !== undefined) yield parseCreate(line);
    } else if (line !== '')
      throw new SyntaxError(`${command} printed a line that is neither a set nor an entry: ${line}`);
  }
}

/** Returns the second word of a line. */
function nameIn(line: string): string {
  const start = line.indexOf(' ') + 1;
  const end = line.indexOf(' ', start);
  return line.slice(start, end < 0 ? undefined : end);
}

const entryIn = (line: string, name: string): string =>
  withProtocolName(line.slice('add '.length + name.length + 1).trimEnd());

function parseCreate(line: string): IpSet {
  const [, name = '', type = '', ...options] = line.split(' ');
  const option = (key: string): string | undefined => {
    const index = options.indexOf(key);
    return index < 0 ? undefined : options[index + 1];
  };
  return ipsetOf(name, type, option('family'), option('maxelem'));
}

const families = { inet: 'IPv4', inet6: 'IPv6' } as const;

/** Returns a set from the words that ipset has for it. */
export const ipsetOf = (
  name: string,
  type: string,
  family: string | undefined,
  maximum: string | undefined,
): IpSet => ({
  kind: 'set',
  name,
  type: type as SetType,
  family: families[family as keyof typeof families],
  maximum: maximum === undefined ? undefined : Number(maximum),
});
