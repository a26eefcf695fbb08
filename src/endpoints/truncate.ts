import type { EndpointSubset } from '../cluster/schema/endpoints.js';

/** The limit of Kubernetes' endpoints controller (`maxCapacity`). EndpointSlices have no such limit. */
const maxAddresses = 1000;

interface Truncation {
  readonly subsets: readonly EndpointSubset[];
  readonly isTruncated: boolean;
}

/**
 * Truncates to 1,000 addresses as Kubernetes' endpoints controller does (truncateEndpoints). Ready addresses go first.
 * Each subset keeps its share, rounded up, until the room is used up, and keeps its first addresses.
 */
export function truncateSubsets(subsets: readonly EndpointSubset[]): Truncation {
  const ready = count(subsets, 'addresses');
  const notReady = count(subsets, 'notReadyAddresses');
  if (ready + notReady <= maxAddresses) return { subsets, isTruncated: false };
  const shares =
    ready > maxAddresses
      ? share(subsets, 'addresses', ready, maxAddresses).map(subset => withAddresses(subset, 'notReadyAddresses', 0))
      : share(subsets, 'notReadyAddresses', notReady, maxAddresses - ready);
  return { subsets: shares.filter(hasAddresses), isTruncated: true };
}

/** Kubernetes' controller keeps a subset without addresses, and the API server then refuses the whole object. */
const hasAddresses = ({ addresses, notReadyAddresses }: EndpointSubset): boolean =>
  (addresses ?? []).length + (notReadyAddresses ?? []).length > 0;

type Field = 'addresses' | 'notReadyAddresses';

const count = (subsets: readonly EndpointSubset[], field: Field): number =>
  subsets.reduce((sum, subset) => sum + (subset[field]?.length ?? 0), 0);

/** Returns the subsets with at most `room` of the field's `total` addresses. */
function share(
  subsets: readonly EndpointSubset[],
  field: Field,
  total: number,
  room: number,
): readonly EndpointSubset[] {
  let rest = room;
  return subsets.map(subset => {
    const own = subset[field]?.length ?? 0;
    const size = Math.min(Math.ceil((own / total) * room), rest, own);
    rest -= size;
    return withAddresses(subset, field, size);
  });
}

function withAddresses(subset: EndpointSubset, field: Field, size: number): EndpointSubset {
  const { [field]: addresses, ...rest } = subset;
  if (addresses == null || size === 0) return rest;
  return { ...subset, [field]: addresses.slice(0, size) };
}
