import type { Cluster } from '../../cluster/cluster.js';
import { invalidObjectLines } from '../../cluster/problems.js';
import type { Conflict } from '../../proxy/claims.js';
import type { Comparison } from '../../sync/compare.js';
import { hasNoEndpointObjects } from '../../sync/retention.js';
import type { Io } from './io.js';

/** Tells on stderr which objects cannot be used: before anything is computed, since that may end with an error. */
export function reportInvalid(cluster: Cluster, io: Io): void {
  for (const line of invalidObjectLines(cluster.invalid)) io.stderr(`${line}\n`);
}

/** Tells on stderr what of the cluster is used in another way than its author may think. */
export function reportCluster(cluster: Cluster, { desired }: Comparison, io: Io): void {
  for (const conflict of desired.conflicts) io.stderr(`${conflictLine(conflict)}\n`);
  for (const problem of desired.problems) io.stderr(`${problem}\n`);
  if (hasNoEndpointObjects(cluster))
    io.stderr('not one EndpointSlice or Endpoints object was read: real servers that are there stay\n');
}

export const conflictLine = ({ servicePort, holder, front }: Conflict): string =>
  `${servicePort}: ${front.replace('virtual-server ', '')} belongs to ${holder}, which is older; left to it`;
