import type { Change } from '../node/change.js';
import type { Flow, RealServer, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { elementsOf, type NodeState } from '../node/state.js';

/**
 * Returns the changes that remove the UDP flows that a plan makes stale: flows to removed real servers, and flows to a
 * virtual server that had none until now. A script needs them, because it cannot look for stale flows.
 */
export function flowsOfChanges(actual: NodeState, changes: readonly Change[]): readonly Change<Flow>[] {
  if (!changes.some(isOfUdp)) return [];
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

/** Returns true if a change adds or removes a virtual or real server of UDP. */
function isOfUdp(change: Change): boolean {
  if (change.verb === 'change') return false;
  const element = change.verb === 'add' ? change.after : change.before;
  if (element.kind === 'real-server') return isUdp(element);
  return element.kind === 'virtual-server' && element.protocol === 'UDP';
}

function removedRealServers(
  { before }: Change & { verb: 'remove' },
  present: readonly RealServer[],
): readonly RealServer[] {
  if (before.kind === 'real-server') return isUdp(before) ? [before] : [];
  if (before.kind !== 'virtual-server' || before.protocol !== 'UDP') return [];
  return present.filter(({ server }) => virtualServerKey(server) === virtualServerKey(before));
}

const removal = ({ address, port }: VirtualServerAddress, backend: string): Change<Flow> => ({
  verb: 'remove',
  before: { kind: 'flow', address, port, backend },
});
