import type { Cluster } from '../../cluster/cluster.js';
import { invalidObjectLines } from '../../cluster/problems.js';
import type { Desired } from '../../proxy/desired.js';
import type { Conflict } from '../../proxy/ledger.js';
import { type Coverage, hasNoEndpointObjects } from '../../sync/coverage.js';
import type { Io } from './io.js';

/** Reports invalid objects on stderr, before a computation that may end with an error. */
export function reportInvalid({ invalid }: Cluster, io: Io): void {
  for (const line of invalidObjectLines(invalid)) io.stderr(`${line}\n`);
}

/** Reports on stderr what is served in another way than its author may expect. */
export function reportCluster(coverage: Coverage, { conflicts, leftOut, problems }: Desired, io: Io): void {
  for (const conflict of conflicts) io.stderr(`${conflictLine(conflict)}\n`);
  for (const line of leftOut) io.stderr(`${line}\n`);
  for (const problem of problems) io.stderr(`${problem}\n`);
  if (hasNoEndpointObjects(coverage))
    io.stderr('no EndpointSlices or Endpoints were found: existing real servers are kept\n');
}

export const conflictLine = ({ servicePort, owner, virtualServer }: Conflict): string =>
  `${servicePort}: ${virtualServer.replace('virtual-server ', '')} belongs to ${owner}, which is older, and ` +
  `stays with it`;
