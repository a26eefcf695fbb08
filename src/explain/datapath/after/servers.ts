import { noConnections } from '../../../node/actual-state.js';
import type { Change } from '../../../node/change.js';
import type { DatapathServer } from '../../../node/datapath/datapath.js';
import type { RealServer, VirtualServer, VirtualServerAddress } from '../../../node/element.js';
import { realServerKey } from '../../../node/kinds/real-server.js';
import { virtualServerKey } from '../../../node/kinds/virtual-server.js';
import { Draft } from './draft.js';

/** The virtual servers of IPVS while changes are made to them. */
export class ServersDraft {
  readonly #servers: Draft<DatapathServer>;

  constructor(before: readonly DatapathServer[]) {
    this.#servers = new Draft(before, ({ server }) => virtualServerKey(server));
  }

  /** A virtual server takes its real servers along when it is removed, and keeps them when it changes. */
  server(change: Change<VirtualServer>): void {
    if (change.verb === 'remove') this.#servers.remove(virtualServerKey(change.before));
    else this.#servers.put({ server: change.after, realServers: this.#find(change.after)?.realServers ?? [] });
  }

  /** The kernel refuses real servers of a virtual server that does not exist. */
  realServer(change: Change<RealServer>): void {
    const real = change.verb === 'remove' ? change.before : change.after;
    const present = this.#find(real.server);
    if (present === undefined) return;
    const realServers = new Draft(present.realServers, one => realServerKey(one.real));
    const key = realServerKey(real);
    if (change.verb === 'remove') realServers.remove(key);
    else realServers.put({ real, connections: realServers.get(key)?.connections ?? noConnections });
    this.#servers.put({ ...present, realServers: realServers.result() });
  }

  result(): readonly DatapathServer[] {
    return this.#servers.result();
  }

  #find(server: VirtualServerAddress): DatapathServer | undefined {
    return this.#servers.get(virtualServerKey(server));
  }
}
