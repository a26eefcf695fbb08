import type { Paint } from '../../output/paint.js';
import { type Margins, wrapped } from '../../output/wrap.js';
import type { Cause } from '../explanation.js';
import { shellLines } from './shell-lines.js';
import { stoppedBy } from './words.js';

/**
 * Returns the lines about a cause: what is wrong, why it matters, what stopped the packet, near misses, and the
 * commands that fix it. `label` is before the first line, with a blank: `[1] `.
 */
export function causeLines(cause: Cause, label: string, paint: Paint): readonly string[] {
  const margin = ' '.repeat(label.length);
  const rest: Margins = { first: margin, rest: margin };
  const [first = '', ...more] = wrapped(cause.summary, { first: label, rest: margin });
  const stopped = stoppedBy(cause);
  return [
    paint.bold(first),
    ...more.map(line => paint.bold(line)),
    ...(cause.why === undefined ? [] : wrapped(cause.why, rest)),
    ...(stopped === undefined ? [] : listed('stopped by: ', stopped, margin)),
    ...cause.nearMisses.flatMap(miss => listed('near miss: ', miss, margin)),
    ...fixLines(cause.commands, margin, paint),
  ];
}

const listed = (label: string, text: string, margin: string): readonly string[] =>
  wrapped(`${label}${text}`, { first: margin, rest: `${margin}  ` });

function fixLines(commands: readonly string[], margin: string, paint: Paint): readonly string[] {
  if (commands.length === 0) return [];
  return [
    `${margin}fix:`,
    ...commands.flatMap(command => shellLines(command, `${margin}  `)).map(line => paint.cyan(line)),
  ];
}
