import { keyOf } from '../../node/kinds/index.js';
import { elementsOf, type NodeState } from '../../node/state.js';
import { virtualServerText } from '../../node/tools/text.js';
import type { Comparison } from '../../sync/compare.js';
import type { Io } from './io.js';

const longest = 3;

/** Names the virtual servers of other software before anything is changed beside them. */
export function reportForeign(actual: NodeState, { desired, isOwn, plan }: Comparison, io: Io): void {
  if (plan.length === 0) return;
  const foreign = elementsOf(actual, 'virtual-server').filter(
    server => !isOwn(server) && !desired.state.has(keyOf(server)),
  );
  if (foreign.length === 0) return;
  const named = foreign.slice(0, longest).map(virtualServerText).join(', ');
  const more = foreign.length > longest ? ` and ${foreign.length - longest} more` : '';
  io.stderr(`another IPVS user has virtual servers on this node, which stay as they are: ${named}${more}\n`);
}
