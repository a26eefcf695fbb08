import type { Cluster } from '../../cluster/cluster.js';
import { isEndpointKind } from '../../cluster/kinds.js';
import { firstLines, invalidObjectLines } from '../../cluster/problems.js';
import type { Desired } from '../../proxy/desired.js';
import type { Conflict } from '../../proxy/ledger.js';
import { outranks } from '../../proxy/precedence.js';
import { type Coverage, hasNoEndpointObjects } from '../../sync/coverage.js';
import type { Io } from './io.js';

/**
 * Reports on stderr which objects are invalid and how others were read, before a computation that may end with an
 * error.
 */
export function reportObjects({ invalid, notes }: Pick<Cluster, 'invalid' | 'notes'>, io: Pick<Io, 'stderr'>): void {
  for (const line of [...invalidObjectLines(invalid), ...firstLines(notes, 'such lines about objects')])
    io.stderr(`${line}\n`);
}

/** Reports on stderr what is served in another way than its author may expect. */
export function reportCluster(coverage: Coverage, { conflicts, leftOut, problems }: Desired, io: Io): void {
  for (const conflict of conflicts) io.stderr(`${conflictLine(conflict)}\n`);
  for (const line of leftOut) io.stderr(`${line}\n`);
  for (const problem of problems) io.stderr(`${problem}\n`);
  if (hasNoEndpointObjects(coverage) && !coverage.invalid.some(({ kind }) => isEndpointKind(kind)))
    io.stderr('no EndpointSlices or Endpoints were found: existing real servers are kept\n');
}

/** Reports problems on stderr that showed only when the node was changed. */
export function reportFurtherProblems(before: Desired, after: Desired, io: Io): void {
  const known = new Set([...before.leftOut, ...before.problems]);
  for (const line of [...after.leftOut, ...after.problems]) if (!known.has(line)) io.stderr(`${line}\n`);
}

/** Says whose an address and port is, and by which of the two rules. */
export function conflictLine({ servicePort, title, owner, ownerTitle, virtualServer }: Conflict): string {
  const why = outranks(ownerTitle, title)
    ? `as its ${ownerTitle}, which goes before the ${title} of another Service`
    : 'which is older';
  const where = virtualServer.replace('virtual-server ', '');
  return `${servicePort}: ${where} belongs to ${owner}, ${why}, and stays with it`;
}
