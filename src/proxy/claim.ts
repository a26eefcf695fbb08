import type { Protocol } from '../cluster/network-schema.js';
import type { Element, Reason, VirtualServerAddress } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { kernelSetName, type SetName } from '../node/names.js';
import type { SelectedEndpoints } from './endpoint-selection.js';
import type { NodeFacts, ProxyOptions } from './options.js';
import type { ServicePort } from './service-port.js';
import { setPurposes } from './sets.js';

/** An element that a Service port asks for. There are tens of thousands: what several have in common is one object. */
export interface Claim {
  /** The element's. */
  readonly key: string;
  readonly element: Element;
  /** The Service port, and the packet that would go wrong without the element. Made when asked for: hardly ever does anybody. */
  readonly reasons: readonly [Reason];
  readonly standing: Standing;
}

class PortClaim implements Claim {
  readonly key: string;
  readonly element: Element;
  readonly standing: Standing;
  readonly #why: string;

  constructor(element: Element, why: string, standing: Standing) {
    this.key = keyOf(element);
    this.element = element;
    this.standing = standing;
    this.#why = why;
  }

  get reasons(): readonly [Reason] {
    return [{ servicePort: this.standing.servicePort, why: this.#why }];
  }
}

/** Who claims, and what a claim stands and falls with. */
export interface Standing {
  /** `namespace/name`. */
  readonly service: string;
  readonly servicePort: string;
  /** Sorts Services as the API server created them, so that a newcomer never takes a virtual server away. */
  readonly order: string;
  /** The virtual server that the elements serve, by its key: where an older Service holds that, the claims fall. */
  readonly front: string | undefined;
}

/** Makes the claims of a Service port. */
export interface Ask {
  readonly element: (element: Element, why: string) => Claim;
  /** An entry of a set of the port's family; the set itself follows from its having entries. */
  readonly entry: (set: SetName, value: string) => Claim;
  /** For claims that are tied to the virtual server at an address and port. */
  readonly at: (server: VirtualServerAddress) => Ask;
}

export function ask({ family, id: servicePort }: ServicePort, service: string, order: string): Ask {
  const asking = (front: string | undefined): Ask => {
    const standing = { service, servicePort, order, front };
    const element = (one: Element, why: string): Claim => new PortClaim(one, why, standing);
    return {
      element,
      entry: (set, value) => element({ kind: 'entry', set: kernelSetName(set, family), value }, setPurposes[set].why),
      at: server => asking(virtualServerKey(server)),
    };
  };
  return asking(undefined);
}

/** What a contribution may look at beside its Service port. */
export interface ContributionContext {
  readonly options: ProxyOptions;
  readonly facts: NodeFacts;
  readonly endpoints: SelectedEndpoints;
  /** The node's addresses that node ports are served on, of the Service port's family. */
  readonly nodePortAddresses: readonly string[];
  /** The addresses by which this node is known, of the Service port's family. */
  readonly nodeAddresses: readonly string[];
  readonly ask: Ask;
}

/** What one feature of a Service asks of the node for one Service port. */
export type Contribution = (port: ServicePort, context: ContributionContext) => readonly Claim[];

const protocolNames = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' } as const;

/** `10.0.0.1,tcp:80`: an entry's address, protocol and port as ipset prints them. */
export const entryText = (address: string, protocol: Protocol, port: number): string =>
  `${address},${protocolNames[protocol]}:${port}`;
