import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Results } from './ask-table.js';
import type { Outcomes } from './row.js';

const file = fileURLToPath(new URL('kube-proxy.json', import.meta.url));

/**
 * The outcomes at a place of a Service, with the protocol and family (`tcp over IPv4`) if they are not the same for
 * all.
 */
interface PlaceRecord {
  readonly over?: readonly string[];
  readonly outcomes: Outcomes;
}

/** `node-port, cluster IP` → the outcomes there. */
type PlaceRecords = Readonly<Record<string, readonly PlaceRecord[]>>;

/** The name of a situation → its recording. */
type Recording = Readonly<Record<string, PlaceRecords>>;

/** Merges what is the same for several protocols and families. */
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

/** Writes one line for each place, so that a diff shows where something has changed. */
export function writeRecording(recording: Recording): void {
  const lines = (places: PlaceRecords) =>
    Object.entries(places).map(([place, records]) => `    ${JSON.stringify(place)}: ${JSON.stringify(records)}`);
  const parts = Object.entries(recording).map(
    ([name, places]) => `  ${JSON.stringify(name)}: {\n${lines(places).join(',\n')}\n  }`,
  );
  writeFileSync(file, `{\n${parts.join(',\n')}\n}\n`);
}
