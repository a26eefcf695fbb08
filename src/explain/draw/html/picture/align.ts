import type { Way } from '../../../trace/trace.js';
import type { Slot } from './slots.js';
import type { Station } from './station.js';

/** A row of the drawing: a place that the packet passes, places beside it that it does not pass, or only such. */
export interface Row {
  readonly way: Way;
  readonly taken: Station | undefined;
  readonly faint: readonly string[];
}

export interface Alignment {
  readonly rows: readonly Row[];
  /** The places that no station has reached. */
  readonly rest: readonly Slot[];
}

/**
 * Lays the stations of a way over the places that every drawing has: as many as possible, in order. A station without a
 * place of its own gets an additional row.
 *
 * @param previous what the packet left last, for a way that goes on after a fork
 */
export function align(stations: readonly Station[], slots: readonly Slot[], previous?: Station): Alignment {
  const pairs = longestPairs(stations, slots);
  const rows: Row[] = [];
  let next = 0;
  let last = previous;
  for (const [index, station] of stations.entries()) {
    const at = pairs.get(index);
    if (at !== undefined) {
      rows.push(...slots.slice(next, at).flatMap(slot => skipped(slot, last)));
      next = at + 1;
    }
    const titles = at === undefined ? [] : (slots[at] as Slot).titles;
    rows.push({ way: station.way, taken: station, faint: titles.filter(title => title !== titleIn(titles, station)) });
    last = station;
  }
  return { rows, rest: slots.slice(next) };
}

const titleIn = (titles: readonly string[], station: Station): string | undefined =>
  station.kind === 'server' ? titles[0] : station.title;

/** Returns the row of a place that the packet does not pass. None if it is not drawn then. */
export const faintRow = ({ way, titles, isOptional }: Slot): readonly Row[] =>
  isOptional ? [] : [{ way, taken: undefined, faint: titles }];

/** Returns the row of a place without a step between others that have some: a hook without rules, or one not passed. */
function skipped(slot: Slot, last: Station | undefined): readonly Row[] {
  const { way, titles, silent } = slot;
  if (silent === undefined || last === undefined) return faintRow(slot);
  const taken: Station = {
    kind: 'hook',
    title: silent,
    way,
    notes: ['passes: no rules'],
    leaving: last.leaving,
    steps: [],
  };
  return [{ way, taken, faint: titles.filter(title => title !== silent) }];
}

const fits = ({ kind, title, way }: Station, slot: Slot): boolean =>
  kind === 'server' ? slot.titles[0] === 'backend' : slot.way === way && slot.titles.includes(title);

/** Returns for stations the index of their slot: the longest common subsequence of both. */
function longestPairs(stations: readonly Station[], slots: readonly Slot[]): ReadonlyMap<number, number> {
  const lengths = Array.from({ length: stations.length + 1 }, () => new Array<number>(slots.length + 1).fill(0));
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = stations.length - 1; row >= 0; row--)
    for (let column = slots.length - 1; column >= 0; column--)
      (lengths[row] as number[])[column] = fits(stations[row] as Station, slots[column] as Slot)
        ? 1 + at(row + 1, column + 1)
        : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs = new Map<number, number>();
  for (let row = 0, column = 0; row < stations.length && column < slots.length; ) {
    if (fits(stations[row] as Station, slots[column] as Slot)) pairs.set(row++, column++);
    else if (at(row + 1, column) > at(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}
