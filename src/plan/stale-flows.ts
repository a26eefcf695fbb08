import type { Change } from '../node/change.js';
import type { Flow, RealServer, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { elementsOf, type NodeState } from '../node/state.js';

/** The changes that take stale UDP flows out of conntrack: those to real servers that go, and those that no real server has answered until now. */
export function staleFlows(actual: NodeState, changes: readonly Change[]): readonly Change[] {
  const present = elementsOf(actual, 'real-server').filter(isUdp);
  const served = new Set(present.map(({ server }) => virtualServerKey(server)));
  const gone = changes.flatMap(change => (change.verb === 'remove' ? realServersOf(change, present) : []));
  const first = changes.flatMap(change =>
    change.verb === 'add' && change.after.kind === 'real-server' && isUdp(change.after) ? [change.after.server] : [],
  );
  const unanswered = first.filter(
    server => actual.has(virtualServerKey(server)) && !served.has(virtualServerKey(server)),
  );
  return [
    ...gone.map(({ server, address }) => removal(server, address)),
    ...unanswered.map(server => removal(server, server.address)),
  ];
}

const isUdp = ({ server }: RealServer): boolean => server.protocol === 'UDP';

function realServersOf(change: Change & { verb: 'remove' }, present: readonly RealServer[]): readonly RealServer[] {
  const { before } = change;
  if (before.kind === 'real-server') return isUdp(before) ? [before] : [];
  if (before.kind !== 'virtual-server' || before.protocol !== 'UDP') return [];
  return present.filter(({ server }) => virtualServerKey(server) === virtualServerKey(before));
}

const removal = ({ address, port }: VirtualServerAddress, backend: string): Change => ({
  verb: 'remove',
  before: { kind: 'flow', address, port, backend } satisfies Flow,
  reasons: [],
});
