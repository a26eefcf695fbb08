import type { Cluster } from '../../cluster/cluster.js';
import { isEndpointKind } from '../../cluster/kinds.js';
import { firstLines } from '../../cluster/problems.js';
import { firstRemarks, invalidObjectLines } from '../../cluster/remark.js';
import type { Desired } from '../../proxy/desired.js';
import { type Coverage, hasNoEndpointObjects } from '../../sync/coverage.js';
import type { Io } from './io.js';
import { serviceRemarks } from './service-remarks.js';

/** About Services. One of them may have twenty. */
const mostLines = 100;

/**
 * Reports on stderr which objects are invalid and how others were read, before a computation that may end with an
 * error.
 */
export function reportObjects({ invalid, notes }: Pick<Cluster, 'invalid' | 'notes'>, io: Pick<Io, 'stderr'>): void {
  for (const line of [...invalidObjectLines(invalid), ...firstLines(notes, 'such lines about objects')])
    io.stderr(`${line}\n`);
}

/** Reports on stderr what is served in another way than its author may expect. */
export function reportCluster(coverage: Coverage, desired: Desired, io: Io): void {
  for (const line of desired.leftOut) io.stderr(`${line}\n`);
  for (const line of firstRemarks(serviceRemarks(desired), mostLines, 'such lines about Services'))
    io.stderr(`${line}\n`);
  if (hasNoEndpointObjects(coverage) && !coverage.invalid.some(({ kind }) => isEndpointKind(kind)))
    io.stderr('no EndpointSlices or Endpoints were found: existing real servers are kept\n');
}

/** Reports problems on stderr that showed only when the node was changed. */
export function reportFurtherProblems(before: Desired, after: Desired, io: Io): void {
  const known = new Set([...before.leftOut, ...before.problems, ...[...before.warnings.values()].flat()]);
  const isNew = ({ line }: { readonly line: string }): boolean => !known.has(line);
  for (const line of after.leftOut) if (!known.has(line)) io.stderr(`${line}\n`);
  const remarks = serviceRemarks({ ...after, conflicts: [] }).filter(isNew);
  for (const line of firstRemarks(remarks, mostLines, 'such lines about Services')) io.stderr(`${line}\n`);
}
