import type { IpSet, SetType } from '../element.js';
import type { Collector } from '../filled-state.js';
import { entryKey } from '../kinds/entry.js';
import { kernelSetNames } from '../names.js';
import { withProtocolName } from './entry-protocol.js';
import { forEachLine } from './text.js';

function parseCreate(line: string): IpSet {
  const [, name = '', type = '', ...options] = line.split(' ');
  const option = (key: string): string | undefined => {
    const index = options.indexOf(key);
    return index < 0 ? undefined : options[index + 1];
  };
  return ipsetOf(name, type, option('family'), option('maxelem'));
}

const families = { inet: 'IPv4', inet6: 'IPv6' } as const;

/** A set in the words of ipset. */
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

/**
 * Collects kproxy's sets with their entries from `ipset save`'s text. Sets of others are passed over.
 * @throws SyntaxError on a line that is neither a set nor an entry, or is cut off.
 */
export function parseIpsetSave(text: string, { add, take }: Pick<Collector, 'add' | 'take'>): void {
  // The entries of a set come one after another, and have its name in memory once.
  let current = '';
  forEachLine(text, 'ipset save', line => {
    if (line.startsWith('add ')) {
      const text = withProtocolName(line.slice(4));
      if (take(entryKey(text))) return;
      const nameEnd = text.indexOf(' ');
      if (nameEnd !== current.length || !text.startsWith(current)) current = text.slice(0, nameEnd);
      if (kernelSetNames.has(current)) add({ kind: 'entry', set: current, value: text.slice(nameEnd + 1).trimEnd() });
    } else if (line.startsWith('create ')) {
      const set = parseCreate(line);
      if (kernelSetNames.has(set.name)) add(set);
    } else if (line !== '')
      throw new SyntaxError(`ipset save printed a line that is neither a set nor an entry: ${line}`);
  });
}
