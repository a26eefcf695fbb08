import { noConnections } from '../../../node/actual-state.js';
import type { Change } from '../../../node/change.js';
import type { DatapathRealServer, DatapathServer } from '../../../node/datapath/datapath.js';
import type { RealServer, VirtualServer } from '../../../node/element.js';
import { realServerKey } from '../../../node/kinds/real-server.js';
import { virtualServerKey } from '../../../node/kinds/virtual-server.js';
import { Draft } from './draft.js';

/** The virtual servers of IPVS while changes are made to them. */
export class ServersDraft {
  readonly #servers: Draft<DatapathServer>;
  /** The real servers of each virtual server that has changed, by its key. */
  readonly #realServers = new Map<string, Draft<DatapathRealServer>>();

  constructor(before: readonly DatapathServer[]) {
    this.#servers = new Draft(before, ({ server }) => virtualServerKey(server));
  }

  /** A virtual server takes its real servers along when it is removed, and keeps them when it changes. */
  server(change: Change<VirtualServer>): void {
    if (change.verb !== 'remove') {
      const key = virtualServerKey(change.after);
      this.#servers.put({ server: change.after, realServers: this.#servers.get(key)?.realServers ?? [] });
      return;
    }
    const key = virtualServerKey(change.before);
    this.#servers.remove(key);
    this.#realServers.delete(key);
  }

  /** The kernel refuses real servers of a virtual server that does not exist. */
  realServer(change: Change<RealServer>): void {
    const real = change.verb === 'remove' ? change.before : change.after;
    const realServers = this.#realServersOf(virtualServerKey(real.server));
    const key = realServerKey(real);
    if (change.verb === 'remove') realServers?.remove(key);
    else realServers?.put({ real, connections: realServers.get(key)?.connections ?? noConnections });
  }

  result(): readonly DatapathServer[] {
    for (const [key, draft] of this.#realServers) {
      const present = this.#servers.get(key);
      const realServers = draft.result();
      if (present !== undefined && realServers !== present.realServers) this.#servers.put({ ...present, realServers });
    }
    return this.#servers.result();
  }

  #realServersOf(key: string): Draft<DatapathRealServer> | undefined {
    const known = this.#realServers.get(key);
    if (known !== undefined) return known;
    const present = this.#servers.get(key);
    if (present === undefined) return undefined;
    const draft = new Draft(present.realServers, one => realServerKey(one.real));
    this.#realServers.set(key, draft);
    return draft;
  }
}
