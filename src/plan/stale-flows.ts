import type { Change } from '../node/change.js';
import type { RealServer, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { elementsOf, type NodeState } from '../node/state.js';

/**
 * Returns the changes that remove stale UDP flows from conntrack: flows to removed real servers, and flows to a virtual
 * server that had none until now.
 */
export function staleFlows(actual: NodeState, changes: readonly Change[]): readonly Change[] {
  const present = elementsOf(actual, 'real-server').filter(isUdp);
  const served = new Set(present.map(({ server }) => virtualServerKey(server)));
  const removed = changes.flatMap(change => (change.verb === 'remove' ? removedRealServers(change, present) : []));
  const answered = changes.flatMap(change =>
    change.verb === 'add' && change.after.kind === 'real-server' && isUdp(change.after) ? [change.after.server] : [],
  );
  const unserved = answered.filter(server => {
    const key = virtualServerKey(server);
    return actual.has(key) && !served.has(key);
  });
  return [
    ...removed.map(({ server, address }) => removal(server, address)),
    ...unserved.map(server => removal(server, server.address)),
  ];
}

const isUdp = ({ server }: RealServer): boolean => server.protocol === 'UDP';

function removedRealServers(
  { before }: Change & { verb: 'remove' },
  present: readonly RealServer[],
): readonly RealServer[] {
  if (before.kind === 'real-server') return isUdp(before) ? [before] : [];
  if (before.kind !== 'virtual-server' || before.protocol !== 'UDP') return [];
  return present.filter(({ server }) => virtualServerKey(server) === virtualServerKey(before));
}

const removal = ({ address, port }: VirtualServerAddress, backend: string): Change => ({
  verb: 'remove',
  before: { kind: 'flow', address, port, backend },
});
