import type { Datapath, MatchSet, SetEntry } from '../node/datapath/datapath.js';
import { datapathServers } from '../node/datapath/datapath-servers.js';
import { ownSetName } from '../node/names.js';
import { setsIn } from '../node/tools/iptables-save.js';
import { findingsOf, type SavedElement } from './saved-elements.js';

/** A datapath as a snapshot has it: without the virtual servers and kproxy's sets, which are among the elements. */
export type SavedDatapath = Omit<Datapath, 'virtualServers'>;

/** Leaves out what the elements have, and sets of other software that no rule uses. */
export function savedDatapath({ virtualServers: _, ...datapath }: Datapath): SavedDatapath {
  const used = usedSets(datapath);
  return { ...datapath, sets: datapath.sets.filter(({ name }) => ownSetName(name) === undefined && used.has(name)) };
}

/** Returns the sets that rules name, and the members of those that are lists of sets. */
function usedSets({ tables, sets }: SavedDatapath): ReadonlySet<string> {
  const used = new Set(
    tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules.flatMap(r => setsIn(r.argv)))),
  );
  for (const { name, type, entries } of sets)
    if (type === listType && used.has(name)) for (const { value } of entries) used.add(value);
  return used;
}

/** A list cannot be a member of a list. */
const listType = 'list:set';

/** Returns the datapath that was saved, with what the elements have of it. */
export const datapathOf = (saved: SavedDatapath, elements: readonly SavedElement[]): Datapath => ({
  ...saved,
  sets: [...ownSets(elements), ...saved.sets],
  virtualServers: datapathServers(findingsOf(elements)),
});

function ownSets(elements: readonly SavedElement[]): readonly MatchSet[] {
  const sets = new Map<string, MatchSet & { readonly entries: SetEntry[] }>();
  for (const element of elements)
    if (element.kind === 'set')
      sets.set(element.name, { name: element.name, type: element.type, family: element.family, entries: [] });
  for (const element of elements)
    if (element.kind === 'entry')
      sets
        .get(element.set)
        ?.entries.push({ value: element.value, ...(element.isException ? { isException: true } : {}) });
  return [...sets.values()];
}
