import { canonicalEntry, newSet } from '../ipset.js';
import type { FakeKernel, FakeSet } from '../kernel.js';
import { sortedKeys, type TextPart, wrong } from './part.js';

/**
 * `ipset create KUBE-CLUSTER-IP hash:ip,port`, `ipset add KUBE-CLUSTER-IP 10.96.0.1,tcp:80`: the lines of `ipset save`.
 */
export const ipsetPart: TextPart = {
  print: ({ sets }) => sortedKeys(sets).flatMap(name => setLines(name, sets.get(name) as FakeSet)),
  run: (kernel, words) => {
    const [verb, name = '', ...rest] = words;
    if (verb === 'create') create(kernel, name, rest);
    else if (verb === 'add') add(kernel, name, rest);
    else wrong('ipset', words);
  },
};

function setLines(
  name: string,
  { type, family, maximum = 65536, extensions = [], entries }: FakeSet,
): readonly string[] {
  const options = [
    ...(type === 'bitmap:port' && !extensions.some(isRange) ? ['range 0-65535'] : []),
    ...(family === 'IPv6' ? ['family inet6'] : []),
    ...(maximum === 65536 ? [] : [`maxelem ${maximum}`]),
    ...extensions,
  ];
  return [['create', name, type, ...options].join(' '), ...[...entries].sort().map(entry => `add ${name} ${entry}`)];
}

const isRange = (text: string): boolean => text.startsWith('range ');

/** The words that `ipset save` prints beside those that matter here. */
const internals = new Set(['hashsize', 'bucketsize', 'initval']);

function create({ sets }: FakeKernel, name: string, words: readonly string[]): void {
  const [type = '', ...options] = words.filter(
    (word, at) => !internals.has(word) && !internals.has(words[at - 1] ?? ''),
  );
  if (sets.has(name)) wrong('ipset', ['create', name, ...words], 'it exists');
  sets.set(name, newSet(name, type as FakeSet['type'], options));
}

/** Adds entries beyond a set's limit too: other software may have made a set smaller. */
function add({ sets }: FakeKernel, name: string, [value = '', ...more]: readonly string[]): void {
  const set = sets.get(name) ?? wrong('ipset', ['add', name, value], 'no such set');
  const entry = canonicalEntry(value, set);
  if (more.length > 0 || set.entries.has(entry)) wrong('ipset', ['add', name, value, ...more]);
  set.entries.add(entry);
}
