import type { ConnectionsCheck } from './check.js';
import { type Judge, missing } from './missing.js';
import { noVirtualServer } from './virtual-server.js';

export const missingConnections: Judge<ConnectionsCheck> = ({ on, server, atLeast: wanted }, { workers, objects }) => {
  const { virtualServers } = workers[on];
  const found = virtualServers.get(server);
  if (found === undefined) return noVirtualServer(on, server, virtualServers, objects);
  const { connections: count } = found;
  if (count >= wanted) return undefined;
  return missing(texts =>
    count === 0 ? texts.noConnections({ server }) : texts.connectionsAreFew({ server, count, wanted }),
  );
};
