import { currentContext } from '../../cluster/context.js';
import type { Kubectl } from '../../cluster/kubectl-command.js';
import { quotedIfHostile } from '../../cluster/problems.js';

export interface WriteTarget {
  /** The context that the user chose. Undefined leaves the choice to kubectl. */
  readonly context?: string | undefined;
  readonly kubectl: Kubectl;
}

/** Returns a line that names the cluster that objects from files are written into. */
export async function writingTo({ context, kubectl }: WriteTarget): Promise<string> {
  const name = context ?? (await currentContext(kubectl));
  return name === undefined
    ? "writing into kubectl's cluster (it has no current context)"
    : `writing into the cluster of the context ${quotedIfHostile(name)}`;
}
