import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Results } from './ask-table.js';
import type { Outcomes } from './row.js';

const file = fileURLToPath(new URL('kube-proxy.json', import.meta.url));

/** What came at a place of a Service, and over what: `tcp over IPv4`; nothing where it is the same over everything. */
interface PlaceRecord {
  readonly over?: readonly string[];
  readonly outcomes: Outcomes;
}

/** `node-port, cluster IP` → what came there. */
type PlaceRecords = Readonly<Record<string, readonly PlaceRecord[]>>;

/** Name of a situation → what was recorded in it. */
type Recording = Readonly<Record<string, PlaceRecords>>;

/** Puts together what is the same over several protocols and families. */
export function compact(results: Results): PlaceRecords {
  const places: Record<string, { over: string[]; outcomes: Outcomes }[]> = {};
  for (const [name, outcomes] of Object.entries(results)) {
    const [place = '', over = ''] = name.split(/, (?=\w+ over)/);
    places[place] ??= [];
    const same = places[place].find(record => isDeepStrictEqual(record.outcomes, outcomes));
    if (same) same.over.push(over);
    else places[place].push({ over: [over], outcomes });
  }
  const shorter = (records: readonly PlaceRecord[]): readonly PlaceRecord[] =>
    records.length > 1 ? records : records.map(({ outcomes }) => ({ outcomes }));
  return Object.fromEntries(Object.entries(places).map(([place, records]) => [place, shorter(records)]));
}

export const readRecording = (): Recording => JSON.parse(readFileSync(file, 'utf8'));

/** A line for each place, so that a change shows where it belongs. */
export function writeRecording(recording: Recording): void {
  const lines = (places: PlaceRecords) =>
    Object.entries(places).map(([place, records]) => `    ${JSON.stringify(place)}: ${JSON.stringify(records)}`);
  const parts = Object.entries(recording).map(
    ([name, places]) => `  ${JSON.stringify(name)}: {\n${lines(places).join(',\n')}\n  }`,
  );
  writeFileSync(file, `{\n${parts.join(',\n')}\n}\n`);
}
