import type { EndpointAddress, EndpointPort, EndpointSubset } from '../cluster/schema/endpoints.js';
import { compareAddresses, comparePorts, compareSubsets, sortedBy } from './canonical-order.js';

/**
 * Returns subsets in the canonical form that Kubernetes writes (RepackSubsets in kubernetes/pkg/api/v1/endpoints). Each
 * address appears once. Ports with the same addresses in the same state share a subset. Everything is in canonical
 * order. An address that is both ready and not ready for the same port is not ready.
 */
export function repackSubsets(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const offers = offersByPort(subsets);
  const groups = new Map<string, OfferGroup>();
  for (const { port, members } of offers.values()) {
    const key = JSON.stringify([...members].map(([identity, { isReady }]) => [identity, isReady]).sort());
    const group = groups.get(key) ?? { ports: [], members };
    groups.set(key, port === undefined ? group : { ...group, ports: [...group.ports, port] });
  }
  return sortedBy([...groups.values()].map(toSubset), compareSubsets);
}

interface Member {
  readonly address: EndpointAddress;
  readonly isReady: boolean;
}

/** A port and the addresses that serve it, by identity. The port is undefined for a headless Service without ports. */
interface Offer {
  readonly port: EndpointPort | undefined;
  readonly members: Map<string, Member>;
}

interface OfferGroup {
  readonly ports: readonly EndpointPort[];
  readonly members: ReadonlyMap<string, Member>;
}

function offersByPort(subsets: readonly EndpointSubset[]): ReadonlyMap<string, Offer> {
  const first = new Map<string, EndpointAddress>();
  const offers = new Map<string, Offer>();
  const record = (port: EndpointPort | undefined, address: EndpointAddress, isReady: boolean): void => {
    const identity = addressIdentity(address);
    if (!first.has(identity)) first.set(identity, address);
    const offer = offers.get(portIdentity(port)) ?? { port, members: new Map() };
    offers.set(portIdentity(port), offer);
    const wasReady = offer.members.get(identity)?.isReady ?? true;
    offer.members.set(identity, { address: first.get(identity) ?? address, isReady: isReady && wasReady });
  };
  for (const { addresses, notReadyAddresses, ports } of subsets) {
    for (const port of ports == null || ports.length === 0 ? [undefined] : ports) {
      for (const address of addresses ?? []) record(port, address, true);
      for (const address of notReadyAddresses ?? []) record(port, address, false);
    }
  }
  return offers;
}

/** Includes the Pod, because Pods on the host network share the node's address. */
const addressIdentity = ({ ip, targetRef }: EndpointAddress): string =>
  JSON.stringify([ip, targetRef?.uid ?? targetRef?.name ?? '']);

const portIdentity = (port: EndpointPort | undefined): string =>
  port === undefined
    ? ''
    : JSON.stringify([port.name ?? '', port.port, port.protocol ?? 'TCP', port.appProtocol ?? null]);

function toSubset({ ports, members }: OfferGroup): EndpointSubset {
  const addressesIf = (ready: boolean): readonly EndpointAddress[] =>
    sortedBy(
      [...members.values()].flatMap(({ address, isReady }) => (isReady === ready ? [address] : [])),
      compareAddresses,
    );
  const ready = addressesIf(true);
  const notReady = addressesIf(false);
  return {
    ...(ready.length === 0 ? {} : { addresses: [...ready] }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: [...notReady] }),
    ...(ports.length === 0 ? {} : { ports: [...sortedBy(ports, comparePorts)] }),
  };
}
