import type { EndpointAddress, EndpointPort, EndpointSubset } from '../cluster/schema/endpoints.js';
import { dumpPort, dumpSubset } from './dump.js';
import { fnv128a } from './fnv128a.js';

type Compare<Item> = (a: Item, b: Item) => number;

/** Addresses stand in the order of their text's bytes (10.0.0.10 before 10.0.0.2), then of their Pod's uid. */
export const compareAddresses: Compare<EndpointAddress> = (a, b) =>
  compareText(a.ip, b.ip) || compareText(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '');

/** Ports and subsets stand in the order of a hash that Kubernetes takes of them: without meaning, but always the same. */
export const comparePorts: Compare<EndpointPort> = byHash(dumpPort);
export const compareSubsets: Compare<EndpointSubset> = byHash(dumpSubset);

export const sortedBy = <Item>(items: readonly Item[], compare: Compare<Item>): readonly Item[] =>
  [...items].sort(compare);

function byHash<Item extends object>(dump: (item: Item) => string): Compare<Item> {
  const hashes = new WeakMap<Item, string>();
  const hashOf = (item: Item): string => {
    const known = hashes.get(item) ?? fnv128a(dump(item));
    hashes.set(item, known);
    return known;
  };
  return (a, b) => compareText(hashOf(a), hashOf(b));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
