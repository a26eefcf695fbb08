import type { Family, Protocol } from '../cluster/network-schema.js';
import type { Element, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { kernelSetName, type SetName } from '../node/names.js';
import { addressAndPort } from '../node/tools/text.js';
import type { SelectedEndpoints } from './endpoint-selection.js';
import type { NodeFacts, ProxyOptions } from './options.js';
import type { ServicePort } from './service-port.js';
import { setPurposes } from './sets.js';

/** An element that a Service port asks for, and the packet that would go wrong without it. */
export interface Claim {
  readonly element: Element;
  readonly why: string;
  /** The virtual server that the element serves, by its key: where an older Service holds that, the claim falls. */
  readonly front?: string;
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
}

/** What one feature of a Service asks of the node for one Service port. */
export type Contribution = (port: ServicePort, context: ContributionContext) => readonly Claim[];

/** Ties claims to the virtual server at an address and port. */
export const atFront = (server: VirtualServerAddress, claims: readonly Claim[]): readonly Claim[] => {
  const front = virtualServerKey(server);
  return claims.map(claim => ({ ...claim, front }));
};

/** A claim of an entry; the set itself follows from its having entries. */
export const entryClaim = (set: SetName, family: Family, value: string): Claim => ({
  element: { kind: 'entry', set: kernelSetName(set, family), value },
  why: setPurposes[set].why,
});

/** `10.0.0.1,tcp:80`: an entry's address, protocol and port as ipset prints them. */
export const entryText = (address: string, protocol: Protocol, port: number): string =>
  `${address},${protocol.toLowerCase()}:${port}`;

export const endpointText = (endpoint: { readonly address: string; readonly port: number }): string =>
  addressAndPort(endpoint.address, endpoint.port);
