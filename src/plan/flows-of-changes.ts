import type { Change } from '../node/change.js';
import type { Flow, RealServer, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { elementsOf, type NodeState } from '../node/state.js';

/** The flows of one port of a VIP or node. */
export type PortFlow = Flow & Pick<VirtualServerAddress, 'port'>;

/**
 * Returns the changes that remove the UDP flows that a plan makes stale: flows to removed real servers, all flows of a
 * removed virtual server, and flows to a virtual server that had no real server until now. A script needs them, because
 * it cannot look for stale flows.
 */
export function flowsOfChanges(actual: NodeState, changes: readonly Change[]): readonly Change<PortFlow>[] {
  if (!changes.some(isOfUdp)) return [];
  const served = new Set(
    elementsOf(actual, 'real-server')
      .filter(isUdp)
      .map(({ server }) => virtualServerKey(server)),
  );
  const removed = changes.flatMap(change => (change.verb === 'remove' ? [change.before] : []));
  const servers = removed.flatMap(element =>
    element.kind === 'virtual-server' && element.protocol === 'UDP' ? [element] : [],
  );
  const gone = new Set(servers.map(virtualServerKey));
  const leaving = removed.flatMap(element =>
    element.kind === 'real-server' && isUdp(element) && !gone.has(virtualServerKey(element.server)) ? [element] : [],
  );
  const answered = changes.flatMap(change =>
    change.verb === 'add' && change.after.kind === 'real-server' && isUdp(change.after) ? [change.after.server] : [],
  );
  const unserved = answered.filter(server => {
    const key = virtualServerKey(server);
    return actual.has(key) && !served.has(key);
  });
  return [
    ...servers.filter(server => served.has(virtualServerKey(server))).map(server => removal(server)),
    ...leaving.map(({ server, address }) => removal(server, address)),
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

const removal = ({ address, port }: VirtualServerAddress, backend?: string): Change<PortFlow> => ({
  verb: 'remove',
  before: { kind: 'flow', address, port, ...(backend !== undefined && { backend }) },
});
