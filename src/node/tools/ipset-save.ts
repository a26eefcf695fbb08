import type { Element, IpSet, SetType } from '../element.js';
import { kernelSetNames } from '../names.js';
import { wholeLines } from './text.js';

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
 * kproxy's sets with their entries, from `ipset save`'s text. Sets of others are passed over.
 * @throws SyntaxError on a line that is neither a set nor an entry, or is cut off.
 */
export function parseIpsetSave(text: string): Element[] {
  const elements: Element[] = [];
  for (const line of wholeLines(text, 'ipset save')) {
    if (line.startsWith('add ')) {
      const nameEnd = line.indexOf(' ', 4);
      const set = line.slice(4, nameEnd);
      if (kernelSetNames.has(set)) elements.push({ kind: 'entry', set, value: line.slice(nameEnd + 1).trimEnd() });
    } else if (line.startsWith('create ')) {
      const set = parseCreate(line);
      if (kernelSetNames.has(set.name)) elements.push(set);
    } else if (line !== '')
      throw new SyntaxError(`ipset save printed a line that is neither a set nor an entry: ${line}`);
  }
  return elements;
}
