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
  const notes = decimal?.notes ?? [];
  const second = decimal && schema.safeParse(decimal.object);
  if (second?.success) return { is: 'usable', object: second.data, notes, problems: [] };
  const reading = withoutInvalidParts(kind, decimal?.object ?? object, second?.error.issues ?? issues);
  if (reading === undefined) return { is: 'unusable', problems: problemLines(issues, object) };
  const last = schema.safeParse(reading.object);
  return last.success
    ? { is: 'usable', object: last.data, notes, problems: someOf(reading.problems) }
    : { is: 'unusable', problems: someOf([...reading.problems, ...problemLines(last.error.issues, reading.object)]) };
}

const problemLines = (issues: readonly z.core.$ZodIssue[], object: Mapping): readonly string[] =>
  someOf(issues.map(issue => issueLine(issue, object)));

/** How many problems of one object are named. It may have a hundred thousand. */
const maximumProblems = 10;

const someOf = (problems: readonly string[]): readonly string[] =>
  problems.length > maximumProblems
    ? [...problems.slice(0, maximumProblems), `and ${problems.length - maximumProblems} more`]
    : problems;
