import { addressAndPort } from '../net/address.js';
import type { Flow, VirtualServerAddress } from '../node/element.js';
import { type ElementLookup, elementsOf } from '../node/state.js';
import type { UdpFlow } from '../node/tools/conntrack.js';

/** Deleting flows takes a look at the whole table for each filter, so their number is limited. */
const mostFilters = 100;

/** The flows of one UDP port of a VIP or node. */
interface PortFlows {
  readonly address: string;
  readonly port: number;
  /** The real servers of the virtual server. Empty if it has none or is removed. */
  readonly servers: Set<string>;
  /** The backends of stale flows. */
  readonly stale: Map<string, Pick<UdpFlow, 'backend' | 'backendPort'>>;
  hasLive: boolean;
}

/**
 * Finds stale UDP flows from the flows themselves: those from the port of a virtual server to a backend that is none of
 * its real servers, and those that were not redirected although it has real servers. So they are found whatever
 * happened to the run that removed the real server.
 */
export class StaleFlows {
  readonly #ports = new Map<string, PortFlows>();

  /**
   * @param ports of UDP, of virtual servers that are kproxy's or were until now. The flows of no others are judged.
   * @param state the node as it is now, with all real servers of these virtual servers
   */
  constructor(ports: Iterable<Pick<VirtualServerAddress, 'address' | 'port'>>, state: ElementLookup) {
    for (const { address, port } of ports)
      this.#ports.set(addressAndPort(address, port), {
        address,
        port,
        servers: new Set(),
        stale: new Map(),
        hasLive: false,
      });
    for (const { server, address, port } of elementsOf(state, 'real-server'))
      if (server.protocol === 'UDP')
        this.#ports.get(addressAndPort(server.address, server.port))?.servers.add(addressAndPort(address, port));
  }

  add({ address, port, backend, backendPort }: UdpFlow): void {
    const key = addressAndPort(address, port);
    const flows = this.#ports.get(key);
    if (flows === undefined) return;
    const to = addressAndPort(backend, backendPort);
    const isLive = flows.servers.has(to) || (to === key && flows.servers.size === 0);
    if (isLive) flows.hasLive = true;
    else if (!flows.stale.has(to)) flows.stale.set(to, { backend, backendPort });
  }

  /**
   * Returns few filters that match all stale flows. They match no others, unless a hundred filters do not suffice: then
   * all flows of the ports with the most stale backends match. IPVS has a table of its own, and redirects the next
   * packet of a live flow to the same backend.
   */
  filters(): readonly Flow[] {
    const ports = [...this.#ports.values()].filter(({ stale }) => stale.size > 0);
    ports.sort((one, other) => filterCount(one) - filterCount(other));
    let left = mostFilters;
    return ports.flatMap((flows, index) => {
      const areFew = filterCount(flows) <= left - (ports.length - index - 1);
      const filters = areFew ? exactFilters(flows) : [filterOf(flows)];
      left -= filters.length;
      return filters;
    });
  }
}

const filterCount = ({ stale, hasLive }: PortFlows): number => (hasLive ? stale.size : 1);

const filterOf = ({ address, port }: PortFlows): Flow => ({ kind: 'flow', address, port });

const exactFilters = (flows: PortFlows): readonly Flow[] =>
  flows.hasLive
    ? Array.from(flows.stale.values(), ({ backend, backendPort }) => ({ ...filterOf(flows), backend, backendPort }))
    : [filterOf(flows)];
