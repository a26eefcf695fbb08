import type { Cluster } from '../../cluster/cluster.js';
import type { Desired } from '../../proxy/desired.js';

/**
 * How a command ends if it throws no error: everything is done, the node differs from the desired state, or some
 * objects are invalid or want what they cannot have, and everything else is done.
 */
export type CommandOutcome = 'done' | 'differences' | 'invalid-objects';

/** Returns `invalid-objects` if there is anything in the cluster that is not served as it says, else the other one. */
export const outcomeFor = (
  { invalid }: Pick<Cluster, 'invalid'>,
  { problems }: Pick<Desired, 'problems'>,
  otherwise: CommandOutcome = 'done',
): CommandOutcome => (invalid.length + problems.length > 0 ? 'invalid-objects' : otherwise);
