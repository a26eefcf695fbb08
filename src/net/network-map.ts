import { type Family, familyOf } from './address.js';
import { addressBits, networkBits } from './address-bits.js';

type ByMask<Item> = Map<bigint, Map<bigint, Item[]>>;

/**
 * Items by their networks, found by an address that lies in these. A lookup takes a step for each length of prefix, not
 * for each network.
 */
export class NetworkMap<Item> {
  readonly #families: Readonly<Record<Family, ByMask<Item>>> = { IPv4: new Map(), IPv6: new Map() };

  /** @param items of networks as text; texts that are no networks are left out */
  constructor(items: Iterable<Item>, networkOf: (item: Item) => string) {
    for (const item of items) this.#add(networkOf(item), item);
  }

  /** Returns the items whose network contains the address, in no order that counts. */
  find(address: string): readonly Item[] {
    const byMask = this.#families[familyOf(address)];
    if (byMask.size === 0) return [];
    const bits = addressBits(address);
    return Array.from(byMask).flatMap(([mask, networks]) => networks.get(bits & mask) ?? []);
  }

  #add(network: string, item: Item): void {
    const bits = networkBits(network);
    if (bits === undefined) return;
    const byMask = this.#families[bits.family];
    const networks = byMask.get(bits.mask) ?? new Map<bigint, Item[]>();
    byMask.set(bits.mask, networks);
    const known = networks.get(bits.value);
    if (known === undefined) networks.set(bits.value, [item]);
    else known.push(item);
  }
}
