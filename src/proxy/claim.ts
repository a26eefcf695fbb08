import type { Family } from '../net/address.js';
import { type Protocol, protocolNames } from '../net/protocol.js';
import type { Element, VirtualServerAddress } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { kernelSetName, type SetName, setNames } from '../node/names.js';
import type { SelectedEndpoints } from './endpoint-selection.js';
import type { Profile, ProxyOptions } from './options.js';
import { precedence, type Title } from './precedence.js';
import type { ServicePort } from './service-port.js';
import { whyEntry } from './sets.js';

/** An element that a Service port needs. There are tens of thousands, so what several share is one object. */
export interface Claim {
  readonly key: string;
  readonly element: Element;
  /** The packet that would go wrong without the element. */
  readonly why: string;
  readonly claimant: Claimant;
}

/** The Service port that claims, and the virtual server that its claims depend on. */
export interface Claimant {
  /** `namespace/name`. */
  readonly service: string;
  readonly servicePort: string;
  /** Sorts claims by title and then by the creation of their Services: the first of a virtual server owns it. */
  readonly order: string;
  /** How the Service comes to the address and port of the virtual server. */
  readonly title: Title | undefined;
  /** The key of the virtual server that the elements serve. If another Service owns it, the claims are void. */
  readonly virtualServer: string | undefined;
}

/**
 * Collects the claims of one Service port. The methods are shared, because there is one for each address of each port.
 */
export class Claimer {
  readonly #family: Family;
  readonly #profile: Profile;
  readonly #claimant: Claimant;
  readonly #claims: Claim[];

  /** @param claims the list that the claims are added to */
  constructor(family: Family, profile: Profile, claimant: Claimant, claims: Claim[]) {
    this.#family = family;
    this.#profile = profile;
    this.#claimant = claimant;
    this.#claims = claims;
  }

  element(element: Element, why: string): void {
    const { virtualServer } = this.#claimant;
    const key = element.kind === 'virtual-server' && virtualServer !== undefined ? virtualServer : keyOf(element);
    this.#claims.push({ key, element, why, claimant: this.#claimant });
  }

  /** Claims an entry of a set of the port's family. The set itself follows from its entries. */
  entry(set: SetName, value: string): void {
    this.element({ kind: 'entry', set: kernelNames[this.#family][set], value }, whyEntry(set, this.#profile));
  }

  /** Returns a claimer for a virtual server and all claims that depend on it. */
  at(server: VirtualServerAddress, title: Title): Claimer {
    const order = precedence(title, this.#claimant.order);
    const claimant = { ...this.#claimant, order, title, virtualServer: virtualServerKey(server) };
    return new Claimer(this.#family, this.#profile, claimant, this.#claims);
  }
}

const kernelNamesOf = (family: Family) =>
  Object.fromEntries(setNames.map(name => [name, kernelSetName(name, family)])) as Record<SetName, string>;

/** The name of a set is one string in all its entries. */
const kernelNames = { IPv4: kernelNamesOf('IPv4'), IPv6: kernelNamesOf('IPv6') } as const;

/** What is the same for all Service ports of a family. */
export interface NodeContext {
  readonly options: ProxyOptions;
  /** The addresses of all devices but the IPVS device, of both families. */
  readonly localAddresses: ReadonlySet<string>;
  /** The node's addresses of the family that node ports are served on. */
  readonly nodePortAddresses: readonly string[];
  /** The addresses of the family by which the cluster knows this node. */
  readonly nodeAddresses: readonly string[];
  /** Schedulers that the kernel does not have. */
  readonly missingSchedulers: readonly string[];
}

/** Claims what one feature of a Service needs for one Service port. */
export type ServiceFeature = (
  port: ServicePort,
  endpoints: SelectedEndpoints,
  node: NodeContext,
  claimer: Claimer,
) => void;

/** Returns an entry's address, protocol and port as ipset prints them: `10.0.0.1,tcp:80`. Flat, as `flatText` is. */
export const entryText = (address: string, protocol: Protocol, port: number): string =>
  [address, `${protocolNames[protocol]}:${port}`].join(',');
