import { addressAndPort } from '../net/address.js';
import type { Flow, VirtualServerAddress } from '../node/element.js';
import { type ElementLookup, elementsOf } from '../node/state.js';
import type { UdpFlow } from '../node/tools/conntrack.js';
import { flowFilters, type Reach } from './flow-filters.js';

/** Up to so many filters are as narrow as can be. Of more, those of neighboring VIPs become one. */
const fewFilters = 10;

/** Deleting flows takes a look at the whole table for each filter, so their number is limited. */
const mostFilters = 100;

/** A port with more stale backends than these may lose its live flows too, if the filters are too many. */
const manyBackends = 10;

/** One UDP port of a VIP or node. */
interface FlowPort {
  /** The real servers of the virtual server. Empty if it has none or is removed. */
  readonly servers: Set<string>;
  staleBackends: number;
}

/** A flow that should stay. */
interface StayingFlow {
  readonly flow: UdpFlow;
  /** The port of kproxy's that it is of. */
  readonly port: FlowPort | undefined;
  readonly isRedirected: boolean;
}

/**
 * Finds stale UDP flows from the flows themselves: those from the port of a virtual server to a backend that is none of
 * its real servers, and those that were not redirected although it has real servers. So they are found whatever
 * happened to the run that removed the real server.
 */
export class StaleFlows {
  readonly #ports = new Map<string, FlowPort>();
  /** One flow of each destination and backend. */
  readonly #stale = new Map<string, UdpFlow>();
  readonly #staying = new Map<string, StayingFlow>();

  /**
   * @param ports of UDP, of virtual servers that are kproxy's or were until now. The flows of no others are judged.
   * @param state the node as it is now, with all real servers of these virtual servers
   */
  constructor(ports: Iterable<Pick<VirtualServerAddress, 'address' | 'port'>>, state: ElementLookup) {
    for (const { address, port } of ports)
      this.#ports.set(addressAndPort(address, port), { servers: new Set(), staleBackends: 0 });
    for (const { server, address, port } of elementsOf(state, 'real-server'))
      if (server.protocol === 'UDP')
        this.#ports.get(addressAndPort(server.address, server.port))?.servers.add(addressAndPort(address, port));
  }

  /** Adds a flow. Those of other software count too: no filter may match them. */
  add(flow: UdpFlow): void {
    const from = addressAndPort(flow.address, flow.port);
    const to = addressAndPort(flow.backend, flow.backendPort);
    const key = `${from} ${to}`;
    if (this.#stale.has(key) || this.#staying.has(key)) return;
    const port = this.#ports.get(from);
    const isRedirected = to !== from;
    if (port === undefined || port.servers.has(to) || (!isRedirected && port.servers.size === 0))
      this.#staying.set(key, { flow, port, isRedirected });
    else {
      this.#stale.set(key, flow);
      port.staleBackends += 1;
    }
  }

  /**
   * Returns few filters that match all stale flows. They match no others, unless a hundred filters do not suffice: then
   * they may match live flows of kproxy's ports too, first those of the ports with the most stale backends, and at last
   * flows of others that are redirected by none. IPVS has a table of its own, and redirects the next packet of a live
   * flow to the same backend. What other software redirects always stays.
   */
  filters(): readonly Flow[] {
    const stale = [...this.#stale.values()];
    const staying = [...this.#staying.values()];
    const filters = (reach: Reach, mayGo: (flow: StayingFlow) => boolean) =>
      flowFilters(
        stale,
        staying.flatMap(one => (mayGo(one) ? [] : [one.flow])),
        reach,
      );
    const narrow = filters('address', () => false);
    if (narrow.length <= fewFilters) return narrow;
    const exact = filters('network', () => false);
    if (exact.length <= mostFilters) return exact;
    const most = filters('network', ({ port }) => (port?.staleBackends ?? 0) > manyBackends);
    return most.length <= mostFilters
      ? most
      : filters('network', ({ port, isRedirected }) => port !== undefined || !isRedirected);
  }
}
