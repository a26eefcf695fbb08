import type { Family } from '../net/address.js';
import type { Protocol } from '../net/protocol.js';
import type { Element, VirtualServerAddress } from '../node/element.js';
import type { Keyed } from '../node/filled-state.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { kernelSetName, type SetName, setNames } from '../node/names.js';
import type { SelectedEndpoints } from './endpoint-selection.js';
import type { ProxyOptions } from './options.js';
import type { ServicePort } from './service-port.js';
import { setPurposes } from './sets.js';

/** An element that a Service port asks for. There are tens of thousands: what several have in common is one object. */
export interface Claim extends Keyed {
  /** The packet that would go wrong without the element. */
  readonly why: string;
  readonly standing: Standing;
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

/** Takes down what a Service port asks for. */
export interface Ask {
  element(element: Element, why: string): void;
  /** An entry of a set of the port's family; the set itself follows from its having entries. */
  entry(set: SetName, value: string): void;
  /** For claims that are tied to the virtual server at an address and port, and for that server itself. */
  at(server: VirtualServerAddress): Ask;
}

/** There is one for every address of every Service port: with methods that all of them share, each is small. */
class PortAsk implements Ask {
  private readonly family: Family;
  private readonly standing: Standing;
  private readonly asked: Claim[];

  constructor(family: Family, standing: Standing, asked: Claim[]) {
    this.family = family;
    this.standing = standing;
    this.asked = asked;
  }

  element(element: Element, why: string): void {
    const { front } = this.standing;
    const key = element.kind === 'virtual-server' && front !== undefined ? front : keyOf(element);
    this.asked.push({ key, element, why, standing: this.standing, seen: 0 });
  }

  entry(set: SetName, value: string): void {
    this.element({ kind: 'entry', set: kernelNames[this.family][set], value }, setPurposes[set].why);
  }

  at(server: VirtualServerAddress): Ask {
    const { service, servicePort, order } = this.standing;
    return new PortAsk(this.family, { service, servicePort, order, front: virtualServerKey(server) }, this.asked);
  }
}

const kernelNamesOf = (family: Family) =>
  Object.fromEntries(setNames.map(name => [name, kernelSetName(name, family)])) as Record<SetName, string>;

/** The name of a set is the same text in all its entries. */
const kernelNames = { IPv4: kernelNamesOf('IPv4'), IPv6: kernelNamesOf('IPv6') } as const;

/** What the Service port asks for is added to what its Service has asked for. */
export const askFor = ({ family, id: servicePort }: ServicePort, service: string, order: string, asked: Claim[]): Ask =>
  new PortAsk(family, { service, servicePort, order, front: undefined }, asked);

/** What is the same for all Service ports of a family. */
export interface NodeContext {
  readonly options: ProxyOptions;
  /** The addresses of all devices but the IPVS device, of both families. */
  readonly localAddresses: ReadonlySet<string>;
  /** The node's addresses that node ports are served on, of the family. */
  readonly nodePortAddresses: readonly string[];
  /** The addresses by which this node is known, of the family. */
  readonly nodeAddresses: readonly string[];
}

/** What one feature of a Service asks of the node for one Service port. */
export type Contribution = (port: ServicePort, endpoints: SelectedEndpoints, node: NodeContext, ask: Ask) => void;

const protocolNames = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' } as const;

/** `10.0.0.1,tcp:80`: an entry's address, protocol and port as ipset prints them. */
export const entryText = (address: string, protocol: Protocol, port: number): string =>
  address + protocolAndPort(protocol, port);

/** `,tcp:80`: most Services have one of a few ports, and the text of each is in memory once. */
function protocolAndPort(protocol: Protocol, port: number): string {
  const known = portTexts[protocol].get(port);
  if (known !== undefined) return known;
  const text = `,${protocolNames[protocol]}:${port}`;
  portTexts[protocol].set(port, text);
  return text;
}

const portTexts: Readonly<Record<Protocol, Map<number, string>>> = { TCP: new Map(), UDP: new Map(), SCTP: new Map() };
