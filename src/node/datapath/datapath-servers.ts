import { type Connections, noConnections } from '../actual-state.js';
import type { RealServer, VirtualServer } from '../element.js';
import type { Finding } from '../finding.js';
import { keyOf } from '../kinds/index.js';
import { virtualServerText } from '../tools/text.js';
import type { DatapathServer } from './datapath.js';

/** Returns the virtual servers with their real servers and connections, from what was read of them, in any order. */
export function datapathServers(findings: Iterable<Finding>): readonly DatapathServer[] {
  const servers: VirtualServer[] = [];
  const realServers = new Map<string, RealServer[]>();
  const connections = new Map<string, Connections>();
  for (const finding of findings) {
    if (finding.kind === 'virtual-server') servers.push(finding);
    else if (finding.kind === 'connections')
      connections.set(finding.realServer, { active: finding.active, inactive: finding.inactive });
    else if (finding.kind === 'real-server') {
      const key = virtualServerText(finding.server);
      const known = realServers.get(key);
      if (known === undefined) realServers.set(key, [finding]);
      else known.push(finding);
    }
  }
  return servers.map(server => ({
    server,
    realServers: (realServers.get(virtualServerText(server)) ?? []).map(real => ({
      real,
      connections: connections.get(keyOf(real)) ?? noConnections,
    })),
  }));
}
