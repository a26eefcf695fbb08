import type { MatchSet, SetEntry } from '../../../../src/node/datapath/datapath.js';

/** Reads the output of `ipset save`. */
export function readSets(text: string): readonly MatchSet[] {
  const entries = new Map<string, SetEntry[]>();
  const sets: MatchSet[] = [];
  for (const line of text.trim().split('\n')) {
    const [verb, name = '', value = '', ...options] = line.split(' ');
    if (verb === 'create') {
      const own: SetEntry[] = [];
      entries.set(name, own);
      const family = options.includes('inet6') ? 'IPv6' : options.includes('inet') ? 'IPv4' : undefined;
      sets.push({ name, type: value, family, entries: own, options });
    } else
      entries.get(name)?.push({
        value,
        isException: options.includes('nomatch'),
        isWildcard: options.includes('wildcard'),
      });
  }
  return sets;
}
