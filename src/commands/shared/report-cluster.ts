import type { Cluster } from '../../cluster/cluster.js';
import { invalidObjectLines } from '../../cluster/problems.js';
import type { Conflict } from '../../proxy/claims.js';
import type { Comparison } from '../../sync/compare.js';
import { hasNoEndpointObjects } from '../../sync/retention.js';
import type { Io } from './io.js';

/** Tells on stderr what of the cluster could not be used, or is used in another way than its author may think. */
export function reportCluster(cluster: Cluster, { desired }: Comparison, io: Io): void {
  for (const line of invalidObjectLines(cluster.invalid)) io.stderr(`${line}\n`);
  for (const conflict of desired.conflicts) io.stderr(`${conflictLine(conflict)}\n`);
  for (const problem of desired.problems) io.stderr(`${problem}\n`);
  if (hasNoEndpointObjects(cluster))
    io.stderr('not one EndpointSlice or Endpoints object was read: real servers that are there stay\n');
}

export const conflictLine = ({ servicePort, holder, front }: Conflict): string =>
  `${servicePort}: ${front.replace('virtual-server ', '')} belongs to ${holder}, which is older; left to it`;
