import type { Ends } from '../../../src/explain/trace/packet.js';
import type { Hook, RuleStep, TableStep } from '../../../src/explain/trace/trace.js';

export const ends = (
  source: string,
  sourcePort: number | undefined,
  destination: string,
  destinationPort: number | undefined,
): Ends => ({ source, sourcePort, destination, destinationPort });

/** Returns the words of a rule. A word after `#` has blanks for its underscores, as comments have. */
const wordsOf = (text: string): readonly string[] =>
  text.split(' ').map(word => (word.startsWith('#') ? word.slice(1).replaceAll('_', ' ') : word));

/** Returns a rule that matched, unless `more` says otherwise. `text` as in iptables-save, comments as in `#a_b`. */
export const ruleStep = (
  table: string,
  chain: string,
  number: number,
  depth: number,
  text: string,
  more: Partial<RuleStep> = {},
): RuleStep => ({ family: 'IPv4', table, chain, number, depth, argv: wordsOf(text), matched: 'yes', ...more });

/** Returns the step of a table on the way there, which changes neither addresses nor the mark unless `more` says so. */
export const tableStep = (hook: Hook, table: string, before: Ends, more: Partial<TableStep>): TableStep => ({
  kind: 'table',
  way: 'there',
  hook,
  table,
  before,
  ends: before,
  markBefore: 0,
  markAfter: more.markBefore ?? 0,
  rules: [],
  result: 'policy',
  ...more,
});
