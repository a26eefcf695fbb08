import type { Service } from '../cluster/schema/service.js';

/** Returns the items by the namespace of their Service, in their order. */
export function inNamespaces<Item>(
  items: readonly Item[],
  serviceOf: (item: Item) => Service,
): ReadonlyMap<string, readonly Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const { namespace } = serviceOf(item).metadata;
    const others = found.get(namespace);
    if (others === undefined) found.set(namespace, [item]);
    else others.push(item);
  }
  return found;
}
