import type { Paint } from '../../../output/paint.js';
import { type Margins, wrapped } from '../../../output/wrap.js';
import type { Cause } from '../../explanation.js';
import { shellLines } from './shell-lines.js';

const mostStops = 3;

/**
 * Returns the lines about a cause: what is wrong, why it matters, near misses, and the commands that fix it.
 * @param label what is before the first line, with a blank: `[1] `
 * @param stops where packets end because of it
 */
export function causeLines(cause: Cause, label: string, stops: readonly string[], paint: Paint): readonly string[] {
  const margin = ' '.repeat(label.length);
  const rest: Margins = { first: margin, rest: margin };
  const summary = wrapped(cause.summary, { first: label, rest: margin });
  return [
    ...summary.map(line => paint.bold(line)),
    ...(cause.why === undefined ? [] : wrapped(cause.why, rest)),
    ...someOf(stops).flatMap(stop => listed('stopped by: ', stop, margin)),
    ...cause.nearMisses.flatMap(miss => listed('near miss: ', miss, margin)),
    ...fixLines(cause.commands, margin, paint),
  ];
}

const someOf = (stops: readonly string[]): readonly string[] =>
  stops.length <= mostStops ? stops : [...stops.slice(0, mostStops), `${stops.length - mostStops} more`];

const listed = (label: string, text: string, margin: string): readonly string[] =>
  wrapped(`${label}${text}`, { first: margin, rest: `${margin}  ` });

function fixLines(commands: readonly string[], margin: string, paint: Paint): readonly string[] {
  if (commands.length === 0) return [];
  const lines = commands.flatMap(command => shellLines(command, `${margin}  `));
  return [`${margin}fix:`, ...lines.map(line => paint.cyan(line))];
}
