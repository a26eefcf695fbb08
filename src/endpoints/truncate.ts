import type { EndpointSubset } from '../cluster/schema/endpoints.js';

/** A v1 Endpoints object holds no more addresses; EndpointSlices are the way to have more. */
export const mostAddresses = 1000;

export interface Truncated {
  readonly subsets: readonly EndpointSubset[];
  readonly isTruncated: boolean;
}

/**
 * Cuts to 1,000 addresses as Kubernetes' controller does: ready ones before all others, each subset keeping its share
 * rounded up for as long as there is room, the first addresses of each staying.
 */
export function truncateSubsets(subsets: readonly EndpointSubset[]): Truncated {
  const ready = count(subsets, 'addresses');
  const notReady = count(subsets, 'notReadyAddresses');
  if (ready + notReady <= mostAddresses) return { subsets, isTruncated: false };
  const cut =
    ready > mostAddresses
      ? share(subsets, 'addresses', ready, mostAddresses).map(subset => withAddresses(subset, 'notReadyAddresses', 0))
      : share(subsets, 'notReadyAddresses', notReady, mostAddresses - ready);
  return { subsets: cut.filter(hasAddresses), isTruncated: true };
}

/** Kubernetes' controller keeps a subset that lost all its addresses, and the API server refuses the whole object. */
const hasAddresses = ({ addresses, notReadyAddresses }: EndpointSubset): boolean =>
  (addresses ?? []).length + (notReadyAddresses ?? []).length > 0;

type Field = 'addresses' | 'notReadyAddresses';

const count = (subsets: readonly EndpointSubset[], field: Field): number =>
  subsets.reduce((sum, subset) => sum + (subset[field]?.length ?? 0), 0);

function share(
  subsets: readonly EndpointSubset[],
  field: Field,
  total: number,
  room: number,
): readonly EndpointSubset[] {
  let left = room;
  return subsets.map(subset => {
    const own = subset[field]?.length ?? 0;
    const kept = Math.min(Math.ceil((own / total) * room), left, own);
    left -= kept;
    return withAddresses(subset, field, kept);
  });
}

function withAddresses(subset: EndpointSubset, field: Field, kept: number): EndpointSubset {
  const { [field]: addresses, ...rest } = subset;
  if (addresses == null || kept === 0) return rest;
  return { ...subset, [field]: addresses.slice(0, kept) };
}
