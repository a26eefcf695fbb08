import { addressAndPort } from '../../../net/address.js';
import type { Forwarding, RealServer, VirtualServer } from '../../../node/element.js';
import type { ConnectionCount } from '../../../node/finding.js';
import { realServerKey } from '../../../node/kinds/real-server.js';
import { parseProcIpVs } from '../../../node/tools/proc-ip-vs.js';
import { virtualServerText } from '../../../node/tools/text.js';
import type { RealServerAnswer, VirtualServerAnswer } from '../observed.js';
import { type Connections, connectionsIn } from './connections.js';

/** Parses /proc/net/ip_vs and the output of `ipvsadm -Ln --stats`. Firewall-mark services are skipped. */
export function virtualServersIn(listing: string, stats: string): ReadonlyMap<string, VirtualServerAnswer> {
  const found = [...parseProcIpVs(listing)];
  const open = openConnections(found.filter(item => item.kind === 'connections'));
  const connections = connectionsIn(stats);
  const real = found.filter(item => item.kind === 'real-server');
  return new Map(
    found
      .filter(item => item.kind === 'virtual-server')
      .map(server => [virtualServerText(server), virtualServer(server, real, open, connections)]),
  );
}

type OpenConnections = ReadonlyMap<string, ConnectionCount>;

const openConnections = (counts: readonly ConnectionCount[]): OpenConnections =>
  new Map(counts.map(count => [count.realServer, count]));

function virtualServer(
  server: VirtualServer,
  real: readonly RealServer[],
  open: OpenConnections,
  connections: Connections,
): VirtualServerAnswer {
  const name = virtualServerText(server);
  const { all = 0, byRealServer } = connections.get(name) ?? {};
  const realServers = real
    .filter(item => virtualServerText(item.server) === name)
    .map(item => {
      const address = addressAndPort(item.address, item.port);
      return [address, realServer(item, open, byRealServer?.get(address))] as const;
    });
  return {
    scheduler: server.scheduler,
    ...(server.persistence === undefined ? {} : { isPersistent: true }),
    connections: Math.max(all, sum(realServers.map(([, item]) => item.connections))),
    realServers: new Map(realServers),
  };
}

/** The kernel adds up its statistics every two seconds. Until then the connections that it tracks are more. */
function realServer(server: RealServer, open: OpenConnections, counted = 0): RealServerAnswer {
  const { active = 0, inactive = 0 } = open.get(realServerKey(server)) ?? {};
  const connections = Math.max(counted, active + inactive);
  return { forwarding: words[server.forwarding], weight: server.weight, active, inactive, connections };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

/** As ipvsadm prints them. */
const words: Readonly<Record<Forwarding, string>> = {
  masquerade: 'Masq',
  route: 'Route',
  tunnel: 'Tunnel',
  local: 'Local',
};
