import { type ActualState, noConnections } from '../node/actual-state.js';
import type { Change } from '../node/change.js';
import type { RealServer, VirtualServer } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { elementsOf, type NodeState } from '../node/state.js';
import type { IsOwn } from '../plan/ownership.js';
import { servicePortsOf } from '../plan/servicing.js';
import type { Desired } from '../proxy/desired.js';

/**
 * What a real server is to its virtual server. One that is `draining` gets no new connections and keeps those it has.
 */
type RealServerState = 'ready' | 'draining' | 'missing' | 'unwanted' | 'different';

export interface RealServerStatus {
  readonly address: string;
  readonly port: number;
  readonly state: RealServerState;
  readonly weight: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
}

export interface VirtualServerStatus {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly scheduler: string;
  /** True if the kernel has it. */
  readonly present: boolean;
  readonly realServers: readonly RealServerStatus[];
}

/** One Service port with all its virtual servers. */
export interface ServicePortStatus {
  /** `default/web-service:http`. Undefined for kproxy's virtual servers that no Service has any more. */
  readonly servicePort: string | undefined;
  readonly virtualServers: readonly VirtualServerStatus[];
  /** How many elements of the node differ from what this Service port needs. */
  readonly differences: number;
}

/** Compares the node with the desired state by Service port, in the order of the desired state. */
export function statusOf(
  actual: ActualState,
  desired: Desired,
  changes: readonly Change[],
  isOwn: IsOwn,
): readonly ServicePortStatus[] {
  const counts = differenceCounts(changes, desired);
  const realServers = realServersByServer(actual.state, desired.state);
  const rows = new Map<string | undefined, VirtualServerStatus[]>();
  for (const server of virtualServers(actual.state, desired.state, isOwn)) {
    const key = keyOf(server);
    const servicePort = desired.reasons.of(key)[0]?.servicePort;
    const status = virtualServerStatus(server, actual, realServers.get(key) ?? [], desired.state);
    rows.set(servicePort, [...(rows.get(servicePort) ?? []), status]);
  }
  return [...rows].map(([servicePort, servers]) => ({
    servicePort,
    virtualServers: servers,
    differences: counts.get(servicePort) ?? 0,
  }));
}

function differenceCounts(changes: readonly Change[], desired: Desired): ReadonlyMap<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const change of changes) {
    const claimants = servicePortsOf(change, desired.reasons);
    const isLeftOver = claimants.length === 0 && change.verb === 'remove' && isServer(change);
    for (const one of isLeftOver ? [undefined] : claimants) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return counts;
}

const isServer = (change: Change & { verb: 'remove' }): boolean =>
  change.before.kind === 'virtual-server' || change.before.kind === 'real-server';

/** Returns the desired virtual servers and kproxy's leftover ones, each as it is in the kernel if it is present. */
function virtualServers(actual: NodeState, desired: NodeState, isOwn: IsOwn): readonly VirtualServer[] {
  const wanted = elementsOf(desired, 'virtual-server').map(
    server => (actual.get(keyOf(server)) as VirtualServer | undefined) ?? server,
  );
  const left = elementsOf(actual, 'virtual-server').filter(server => !desired.has(keyOf(server)) && isOwn(server));
  return [...wanted, ...left];
}

/** Returns the real servers of each virtual server by its key, actual ones before desired ones. */
function realServersByServer(actual: NodeState, desired: NodeState): ReadonlyMap<string, readonly RealServer[]> {
  const found = new Map<string, Map<string, RealServer>>();
  for (const real of [...elementsOf(actual, 'real-server'), ...elementsOf(desired, 'real-server')]) {
    const server = virtualServerKey(real.server);
    const known = found.get(server) ?? new Map<string, RealServer>();
    found.set(server, known);
    if (!known.has(keyOf(real))) known.set(keyOf(real), real);
  }
  return new Map([...found].map(([key, reals]) => [key, [...reals.values()]]));
}

const virtualServerStatus = (
  server: VirtualServer,
  { state: actual, connections }: ActualState,
  realServers: readonly RealServer[],
  desired: NodeState,
): VirtualServerStatus => ({
  protocol: server.protocol,
  address: server.address,
  port: server.port,
  scheduler: server.scheduler,
  present: actual.has(keyOf(server)),
  realServers: realServers.map(real => ({
    address: real.address,
    port: real.port,
    state: realServerState(real, actual, desired),
    weight: actual.has(keyOf(real)) ? real.weight : 0,
    activeConnections: (connections.get(keyOf(real)) ?? noConnections).active,
    inactiveConnections: (connections.get(keyOf(real)) ?? noConnections).inactive,
  })),
});

function realServerState(real: RealServer, actual: NodeState, desired: NodeState): RealServerState {
  const wanted = desired.get(keyOf(real)) as RealServer | undefined;
  if (wanted === undefined) return 'unwanted';
  if (!actual.has(keyOf(real))) return 'missing';
  if (wanted.weight === 0 && real.weight === 0) return 'draining';
  return wanted.weight === real.weight ? 'ready' : 'different';
}
