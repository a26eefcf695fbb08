import type { KernelAnswer, Missing, ObjectsAnswer } from '../observe/observed.js';
import type { EntryCheck } from './check.js';
import { type Judge, missing } from './missing.js';
import { type Difference, onlyDifference, parseEntry } from './served-port.js';
import { noSet } from './set.js';

export const missingEntry: Judge<EntryCheck> = ({ on, set, value: entry, isAbsent }, { workers, objects }) => {
  const { sets } = workers[on];
  const entries = sets.get(set)?.entries;
  const isThere = entries?.includes(entry) ?? false;
  if (isAbsent) return isThere ? missing(texts => texts.entryIsStillThere({ set, entry })) : undefined;
  if (isThere) return undefined;
  if (entries === undefined) return noSet(on, set, sets);
  return (
    similarEntry(entry, entries, objects) ??
    sameEntryElsewhere(set, entry, sets) ??
    missing(texts => texts.entryIsMissing({ set, entry }))
  );
};

function similarEntry(entry: string, entries: readonly string[], objects: ObjectsAnswer): Missing | undefined {
  const wanted = parseEntry(entry);
  const difference = wanted && onlyDifference(wanted, entries.map(parseEntry), objects);
  return difference && missing(texts => texts[textOf[difference.part]](asInEntries(difference)));
}

const textOf = {
  port: 'entryHasOtherPort',
  protocol: 'entryHasOtherProtocol',
  address: 'entryHasOtherAddress',
} as const;

const asInEntries = ({ actual, wanted }: Difference) => ({
  actual: actual.toLowerCase(),
  wanted: wanted.toLowerCase(),
});

function sameEntryElsewhere(set: string, entry: string, sets: KernelAnswer['sets']): Missing | undefined {
  const other = [...sets].find(([, { entries }]) => entries.includes(entry))?.[0];
  return other === undefined ? undefined : missing(texts => texts.entryIsInOtherSet({ set, entry, other }));
}
