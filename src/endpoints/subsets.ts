import type { EndpointAddress, EndpointPort, EndpointSubset } from '../cluster/schema/endpoints.js';
import { compareAddresses, comparePorts, compareSubsets, sortedBy } from './canonical-order.js';

/**
 * Brings subsets into the one form that Kubernetes' controller writes: every address once, ports that are offered by the
 * same addresses in the same state together in one subset, everything in canonical order. Where an address is ready in
 * one subset and not ready in another for the same port, it is not ready.
 */
export function repackSubsets(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const offers = offersByPort(subsets);
  const groups = new Map<string, OfferGroup>();
  for (const { port, offered } of offers.values()) {
    const key = JSON.stringify([...offered].map(([identity, { ready }]) => [identity, ready]).sort());
    const group = groups.get(key) ?? { ports: [], offered };
    groups.set(key, port === undefined ? group : { ...group, ports: [...group.ports, port] });
  }
  return sortedBy([...groups.values()].map(toSubset), compareSubsets);
}

interface Offered {
  readonly address: EndpointAddress;
  readonly ready: boolean;
}
/** The addresses that offer a port, by their identity. The port is undefined for a headless Service without ports. */
interface Offer {
  readonly port: EndpointPort | undefined;
  readonly offered: Map<string, Offered>;
}
interface OfferGroup {
  readonly ports: readonly EndpointPort[];
  readonly offered: ReadonlyMap<string, Offered>;
}

function offersByPort(subsets: readonly EndpointSubset[]): ReadonlyMap<string, Offer> {
  const first = new Map<string, EndpointAddress>();
  const offers = new Map<string, Offer>();
  const record = (port: EndpointPort | undefined, address: EndpointAddress, ready: boolean): void => {
    const identity = addressIdentity(address);
    if (!first.has(identity)) first.set(identity, address);
    const offer = offers.get(portIdentity(port)) ?? { port, offered: new Map() };
    offers.set(portIdentity(port), offer);
    const readySoFar = offer.offered.get(identity)?.ready ?? true;
    offer.offered.set(identity, { address: first.get(identity) ?? address, ready: ready && readySoFar });
  };
  for (const { addresses, notReadyAddresses, ports } of subsets) {
    for (const port of ports == null || ports.length === 0 ? [undefined] : ports) {
      for (const address of addresses ?? []) record(port, address, true);
      for (const address of notReadyAddresses ?? []) record(port, address, false);
    }
  }
  return offers;
}

/** Pods on the node's own network share its address, so the address alone does not tell them apart. */
const addressIdentity = ({ ip, targetRef }: EndpointAddress): string =>
  JSON.stringify([ip, targetRef?.uid ?? targetRef?.name ?? '']);

const portIdentity = (port: EndpointPort | undefined): string =>
  port === undefined
    ? ''
    : JSON.stringify([port.name ?? '', port.port, port.protocol ?? 'TCP', port.appProtocol ?? null]);

function toSubset({ ports, offered }: OfferGroup): EndpointSubset {
  const addressesThat = (wanted: boolean): readonly EndpointAddress[] =>
    sortedBy(
      [...offered.values()].flatMap(({ address, ready }) => (ready === wanted ? [address] : [])),
      compareAddresses,
    );
  const ready = addressesThat(true);
  const notReady = addressesThat(false);
  return {
    ...(ready.length === 0 ? {} : { addresses: [...ready] }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: [...notReady] }),
    ...(ports.length === 0 ? {} : { ports: [...sortedBy(ports, comparePorts)] }),
  };
}
