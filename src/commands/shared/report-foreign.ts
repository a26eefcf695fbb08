import { keyOf } from '../../node/kinds/index.js';
import { elementsOf, type NodeState } from '../../node/state.js';
import { virtualServerText } from '../../node/tools/text.js';
import type { Reconciliation } from '../../sync/reconcile.js';
import type { Io } from './io.js';

const longest = 3;

/** Names the virtual servers of other software on stderr, before anything is changed beside them. */
export function reportForeign(actual: NodeState, { desired, isOwn, plan }: Reconciliation, io: Io): void {
  if (plan.length === 0) return;
  const foreign = elementsOf(actual, 'virtual-server').filter(
    server => !isOwn(server) && !desired.state.has(keyOf(server)),
  );
  if (foreign.length === 0) return;
  const names = foreign.slice(0, longest).map(virtualServerText).join(', ');
  const more = foreign.length > longest ? ` and ${foreign.length - longest} more` : '';
  io.stderr(`other software has virtual servers on this node, which stay as they are: ${names}${more}\n`);
}
