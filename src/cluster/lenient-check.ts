import type * as z from 'zod';
import { withoutInvalidParts } from './invalid-parts.js';
import { type ClusterKind, clusterKinds, type ObjectOfKind } from './kinds.js';
import { withDecimalAddresses } from './leading-zeros.js';
import type { Mapping } from './objects.js';
import { issueLine } from './problems.js';

/** How an object was read that is not valid as it stands. */
export type LenientReading<Kind extends ClusterKind> =
  | {
      readonly is: 'usable';
      readonly object: ObjectOfKind<Kind>;
      /** Lines about addresses that were read as decimal. */
      readonly notes: readonly string[];
      /** Lines about the parts that are left out. */
      readonly problems: readonly string[];
    }
  | { readonly is: 'unusable'; readonly problems: readonly string[] };

/**
 * Reads an object that its schema refuses as far as kube-proxy would serve it: addresses with leading zeros as decimal,
 * and without its invalid parts if the rest can be served.
 */
export function checkLeniently<Kind extends ClusterKind>(
  kind: Kind,
  object: Mapping,
  { issues }: z.ZodError,
): LenientReading<Kind> {
  const { schema } = clusterKinds[kind];
  const decimal = withDecimalAddresses(object, issues);
  const notes = someOf(decimal?.notes ?? []);
  const second = decimal && schema.safeParse(decimal.object);
  if (second?.success) return { is: 'usable', object: second.data, notes, problems: [] };
  const reading = withoutInvalidParts(kind, decimal?.object ?? object, second?.error.issues ?? issues);
  const last = reading && schema.safeParse(reading.object);
  if (last?.success) return { is: 'usable', object: last.data, notes, problems: someOf(reading?.problems ?? []) };
  const problems = [...linesOf(issues, object), ...linesOf(last?.error.issues ?? [], reading?.object)];
  return { is: 'unusable', problems: someOf(problems) };
}

const linesOf = (issues: readonly z.core.$ZodIssue[], object: unknown): readonly string[] =>
  issues.map(issue => issueLine(issue, object));

/** How many lines are said of one object. It may have a hundred thousand invalid addresses. */
const maximumLines = 10;

const someOf = (lines: readonly string[]): readonly string[] =>
  lines.length > maximumLines ? [...lines.slice(0, maximumLines), `and ${lines.length - maximumLines} more`] : lines;
