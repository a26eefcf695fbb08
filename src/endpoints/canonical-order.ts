import type { EndpointAddress, EndpointPort, EndpointSubset } from '../cluster/schema/endpoints.js';
import { dumpPort, dumpSubset } from './dump.js';
import { fnv128a } from './fnv128a.js';

type Compare<Item> = (a: Item, b: Item) => number;

/** Orders addresses by the bytes of their text (10.0.0.10 before 10.0.0.2), then by their Pod's uid. */
export const compareAddresses: Compare<EndpointAddress> = (a, b) =>
  compareText(a.ip, b.ip) || compareText(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '');

/** Orders ports by the hash that Kubernetes orders them by (pkg/api/v1/endpoints): arbitrary, but stable. */
export const comparePorts: Compare<EndpointPort> = byHash(dumpPort);
/** Orders subsets by the hash that Kubernetes orders them by. */
export const compareSubsets: Compare<EndpointSubset> = byHash(dumpSubset);

export const sortedBy = <Item>(items: readonly Item[], compare: Compare<Item>): readonly Item[] =>
  [...items].sort(compare);

/** Returns a comparison that hashes each item once. */
function byHash<Item extends object>(dump: (item: Item) => string): Compare<Item> {
  const hashes = new WeakMap<Item, string>();
  const hashOf = (item: Item): string => {
    const hash = hashes.get(item) ?? fnv128a(dump(item));
    hashes.set(item, hash);
    return hash;
  };
  return (a, b) => compareText(hashOf(a), hashOf(b));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
