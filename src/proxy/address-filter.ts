import { broadcastAddress } from '../net/network.js';
import { whyUnusable } from '../net/unusable.js';
import type { NodeFacts } from '../node/facts.js';

/** Decides which addresses of objects a node can serve. */
export interface AddressFilter {
  /** Returns why an address cannot be served, as the end of a sentence, or undefined if it can. */
  readonly whyUnusable: (address: string) => string | undefined;
  /** Gets a line for the user about each address that is left out. */
  readonly report: (line: string) => void;
}

/** Leaves out what no node can serve, without a word. */
export const silentFilter: AddressFilter = { whyUnusable, report: () => {} };

/** Returns true for a usable address. Reports another one with the place that it has in its object. */
export function accepts(filter: AddressFilter, address: string, place: () => string): boolean {
  const why = filter.whyUnusable(address);
  if (why === undefined) return true;
  filter.report(`${place()}: ${why} and is left out: ${JSON.stringify(address)}`);
  return false;
}

/**
 * Returns the function that also knows the addresses at which the kernel refused an endpoint. A VIP may be one of them:
 * binding it makes it the node's own.
 */
export function whyUnusableForEndpoint(facts: NodeFacts): AddressFilter['whyUnusable'] {
  const whyUnusable = whyUnusableOn(facts);
  const broadcasts = new Set(facts.broadcasts);
  return address =>
    whyUnusable(address) ??
    (broadcasts.has(address) ? "is not unicast but a broadcast address in this node's local routes" : undefined);
}

/** Returns the function that knows this node's own broadcast addresses too, which the kernel refuses as endpoints. */
export function whyUnusableOn({ localAddresses }: NodeFacts): AddressFilter['whyUnusable'] {
  const broadcasts = new Set(localAddresses.map(({ address, prefix }) => broadcastAddress(address, prefix)));
  return address =>
    whyUnusable(address) ??
    (broadcasts.has(address) ? "is the broadcast address of one of this node's networks" : undefined);
}
