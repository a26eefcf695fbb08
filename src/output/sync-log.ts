import type { ObjectChange } from '../cluster/store.js';
import type { KproxyError } from '../errors.js';
import { changeLine } from '../plan/change-line.js';
import type { LoopReport } from '../sync/loop.js';
import type { Synced } from '../sync/programmer.js';
import { servicesTouchedBy } from '../sync/touched.js';
import { someText } from '../text.js';
import type { Log } from './log.js';
import { changeCounts, countsText } from './sync-summary.js';

const mostNamed = 3;

/** Logs one line for a sync that changed the node, and with `-v` one for each change and for syncs without changes. */
export function logSync(log: Log, report: LoopReport<Synced>): void {
  const { isWhole } = report;
  const { plan } = report.result;
  const services = [...servicesTouchedBy(report.changes)];
  const milliseconds = Math.round(report.milliseconds);
  const fields = { ...servicesFields(services), isWhole, milliseconds, ...changeCounts(plan) };
  const cause = isWhole ? 'the whole node' : causeText(services, report.changes);
  if (plan.length === 0) log.debug(`${cause}: in sync, nothing changed (${milliseconds} ms)`, fields);
  else log.info(`${cause}: ${countsText(plan)} in ${milliseconds} ms`, fields);
  for (const change of plan) log.debug(changeLine(change));
}

/** All Services of a cluster would make a line of a megabyte. */
const mostInFields = 100;

const servicesFields = (services: readonly string[]) =>
  services.length <= mostInFields
    ? { services }
    : { services: services.slice(0, mostInFields), moreServices: services.length - mostInFields };

/** Without a changed object, a real server has no connections any more. */
function causeText(services: readonly string[], changes: readonly ObjectChange[]): string {
  if (services.length > 0) return someText(services, mostNamed);
  const names = changes.map(({ kind, before, after }) => `${kind} ${(after ?? before)?.metadata.name}`);
  return names.length === 0 ? 'closed connections' : someText([...new Set(names)], mostNamed);
}

export function logFailure(log: Log, error: KproxyError, nextMilliseconds: number): void {
  const lines = [
    error.message,
    // Indented, no line of a tool can be taken for an event of its own.
    ...(error.evidence ? error.evidence.split('\n').map(line => `  ${line}`) : []),
    `retrying in ${nextMilliseconds / 1000} s`,
  ];
  log.error(lines, { code: error.code, nextMilliseconds });
}
