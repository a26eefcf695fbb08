import { quotedIfHostile } from '../../cluster/problems.js';
import { keyOf, kindOf } from '../../node/kinds/index.js';
import { elementsOf, type NodeState } from '../../node/state.js';
import { virtualServerText } from '../../node/tools/text.js';
import type { InUse } from '../../plan/in-use.js';
import type { Reconciliation } from '../../sync/reconcile.js';
import { someText } from '../../text.js';
import type { Io } from './io.js';

const longest = 3;

/** Names the virtual servers of other software on stderr, before anything is changed beside them. */
export function reportForeign(actual: NodeState, { desired, isOwn, plan, inUse }: Reconciliation, io: Io): void {
  if (plan.length === 0) return;
  reportInUse(inUse, io);
  const foreign = elementsOf(actual, 'virtual-server').filter(
    server => !isOwn(server) && !desired.state.has(keyOf(server)),
  );
  if (foreign.length === 0) return;
  const names = someText(foreign.map(virtualServerText), longest);
  io.stderr(`other software has virtual servers on this node, which stay as they are: ${names}\n`);
}

/** Names kproxy's chains and sets that other software uses on stderr, each with its users. */
export function reportInUse(inUse: ReadonlyMap<string, InUse>, io: Io): void {
  for (const { element, users } of inUse.values()) {
    const names = users.slice(0, longest).map(quotedIfHostile).join('; ');
    const more = users.length > longest ? ` and ${users.length - longest} more` : '';
    io.stderr(`${kindOf(element).describe(element)} stays, empty, because other software uses it: ${names}${more}\n`);
  }
}
