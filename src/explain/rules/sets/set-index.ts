import type { MatchSet, SetEntry } from '../../../node/datapath/datapath.js';
import { remembered } from '../../remembered.js';
import { type Dimension, dimensionsOf, keyPart, prefixesOf } from './layout.js';

/** A set as the kernel looks packets up in it. */
export interface SetIndex {
  readonly dimensions: readonly Dimension[];
  /** By the parts of their values, joined. */
  readonly entries: ReadonlyMap<string, SetEntry>;
  /** The prefix lengths of the networks in the set, in the order in which the kernel tries them: longest first. */
  readonly prefixes: readonly (readonly number[])[];
  /** The entries by all their parts except ports and devices. Computed if it is asked for. */
  readonly byAddresses: () => ReadonlyMap<string, readonly SetEntry[]>;
}

export const joined = (parts: readonly string[]): string => parts.join(',');

const isPort = (dimension: Dimension): boolean => dimension === 'port' || dimension === 'bare port';
const isAddress = (dimension: Dimension | undefined): boolean =>
  dimension !== undefined && !isPort(dimension) && dimension !== 'iface';

/** Returns the parts without ports and devices, joined. */
export const joinedAddresses = (dimensions: readonly Dimension[], parts: readonly string[]): string =>
  joined(parts.filter((_, index) => isAddress(dimensions[index])));

/** Returns an entry's parts in the form in which packets are looked up. */
const partsOf = (dimensions: readonly Dimension[], { value }: SetEntry): readonly string[] =>
  value.split(',').map((text, index) => keyPart(dimensions[index] ?? 'ip', text));

/** Returns the port of an entry as text: `tcp:80`, or `80` in a bitmap of ports. */
export const portOf = (dimensions: readonly Dimension[], entry: SetEntry): string =>
  partsOf(dimensions, entry)[dimensions.findIndex(isPort)] ?? '';

/** Indexes a set once: it may have tens of thousands of entries. Undefined for a type that kproxy does not know. */
export const setIndex = remembered((set: MatchSet): SetIndex | undefined => {
  const dimensions = dimensionsOf(set);
  if (dimensions === undefined) return undefined;
  const entries = new Map<string, SetEntry>();
  const prefixes = new Map<string, readonly number[]>();
  for (const entry of set.entries) {
    const parts = partsOf(dimensions, entry);
    entries.set(joined(parts), entry);
    const lengths = prefixesOf(dimensions, parts);
    prefixes.set(lengths.join(), lengths);
  }
  const others = remembered(() => byOthers(dimensions, set.entries));
  return {
    dimensions,
    entries,
    prefixes: [...prefixes.values()].sort(longestFirst),
    byAddresses: () => others(set),
  };
});

/** The first network's prefix length decides, then the second's. Source: mtype_test_cidrs in ip_set_hash_gen.h. */
const longestFirst = (
  [first = 0, second = 0]: readonly number[],
  [otherFirst = 0, otherSecond = 0]: readonly number[],
) => otherFirst - first || otherSecond - second;

function byOthers(dimensions: readonly Dimension[], entries: readonly SetEntry[]): Map<string, SetEntry[]> {
  const found = new Map<string, SetEntry[]>();
  for (const entry of entries) {
    const key = joinedAddresses(dimensions, partsOf(dimensions, entry));
    const known = found.get(key);
    if (known === undefined) found.set(key, [entry]);
    else known.push(entry);
  }
  return found;
}
