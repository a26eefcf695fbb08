import { canonicalAddress, type Family, families, familyOf } from '../net/address.js';
import { canonicalNetwork } from '../net/network.js';
import { trimSpace } from '../net/trim-space.js';
import { isMapping, type Mapping } from './objects.js';
import { valueAt } from './problems.js';

const rangesPath = ['spec', 'loadBalancerSourceRanges'];
const ingressPath = ['status', 'loadBalancer', 'ingress'];

/**
 * Removes the load balancer's addresses of each family whose source ranges are all invalid. kube-proxy would open them
 * to every client, although the author meant to let only some in. A blank range restricts nothing, as in kube-proxy.
 * @param object the Service as it was read
 * @param rest the Service without its invalid parts, which is changed
 * @param leftOut the paths of the parts that are left out
 * @returns a line about each family
 */
export function closeWithoutRanges(
  object: Mapping,
  rest: Mapping,
  leftOut: ReadonlyMap<string, readonly PropertyKey[]>,
): readonly string[] {
  const invalid = [...leftOut.values()].filter(path => path[1] === rangesPath[1]).map(path => valueAt(object, path));
  if (invalid.length === 0) return [];
  const open = new Set(listAt(rest, rangesPath).flatMap(range => familyOfRange(range) ?? []));
  const meant = new Set(invalid.flatMap(meantFamilies));
  return families
    .filter(family => meant.has(family) && !open.has(family) && removeAddresses(rest, family))
    .map(
      family =>
        `${rangesPath.join('.')}: has no valid ${family} range, so no ${family} address of the load balancer is served`,
    );
}

function listAt(object: Mapping, path: readonly string[]): unknown[] {
  const list = valueAt(object, path);
  return Array.isArray(list) ? list : [];
}

function familyOfRange(range: unknown): Family | undefined {
  const network = typeof range === 'string' ? canonicalNetwork(range) : undefined;
  return network === undefined ? undefined : familyOf(network);
}

/** Returns the families that an invalid range may have been written for. */
function meantFamilies(range: unknown): readonly Family[] {
  if (typeof range !== 'string') return families;
  return trimSpace(range) === '' ? [] : [familyOf(range)];
}

/** @returns true if there were any */
function removeAddresses(rest: Mapping, family: Family): boolean {
  const ingress = listAt(rest, ingressPath);
  const isOfFamily = (item: unknown): boolean => {
    const address = isMapping(item) && typeof item.ip === 'string' ? canonicalAddress(item.ip) : undefined;
    return address !== undefined && familyOf(address) === family;
  };
  const kept = ingress.filter(item => !isOfFamily(item));
  const hasRemoved = kept.length < ingress.length;
  ingress.length = 0;
  for (const item of kept) ingress.push(item);
  return hasRemoved;
}
