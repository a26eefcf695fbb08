import { type Table, table } from '../../../table.js';
/** The connections of each virtual server, by its name in ipvsadm's listings. */
export type Connections = ReadonlyMap<string, ConnectionsOfServer>;

interface ConnectionsOfServer {
  readonly all: number;
  /** By address and port of the real server. */
  readonly byRealServer: ReadonlyMap<string, number>;
}

const linePattern = /^(?:(TCP|UDP|SCTP|FWM)| {2}->) +(\S+) +(\d+)([KMGT]?) /;

/** ipvsadm shortens large numbers. */
const factors: Table<number> = table({ '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 });

/** Parses the output of `ipvsadm -Ln --stats`. */
export function connectionsIn(stats: string): Connections {
  const servers = new Map<string, { all: number; byRealServer: Map<string, number> }>();
  let server = '';
  for (const line of stats.split('\n')) {
    const [, protocol, address, digits, unit = ''] = linePattern.exec(line) ?? [];
    if (address === undefined) continue;
    const connections = Number(digits) * (factors[unit] ?? 1);
    if (protocol === undefined) servers.get(server)?.byRealServer.set(address, connections);
    else {
      server = `${protocol} ${address}`;
      servers.set(server, { all: connections, byRealServer: new Map() });
    }
  }
  return servers;
}
