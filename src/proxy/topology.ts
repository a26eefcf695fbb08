import type { Cluster } from '../cluster/cluster.js';
import type { Endpoint } from './endpoint.js';

/** The place of this node in the cluster. */
export interface Topology {
  readonly nodeName: string;
  readonly zone: string | undefined;
}

const zoneLabel = 'topology.kubernetes.io/zone';

export const topologyOf = (cluster: Pick<Cluster, 'nodes'>, nodeName: string): Topology => ({
  nodeName,
  zone: cluster.nodes.find(node => node.metadata.name === nodeName)?.metadata.labels?.[zoneLabel],
});

/**
 * Returns the ready endpoints that are hinted for this place: first by node, then by zone. Hints count only if every
 * ready endpoint has one and at least one names this place (KEP-2433, KEP-3015).
 */
export function topologyFiltered(ready: readonly Endpoint[], topology: Topology): readonly Endpoint[] {
  const { nodeName, zone } = topology;
  return (
    hintedFor(ready, endpoint => endpoint.nodeHints, nodeName) ??
    (zone === undefined ? undefined : hintedFor(ready, endpoint => endpoint.zoneHints, zone)) ??
    ready
  );
}

function hintedFor(
  ready: readonly Endpoint[],
  hintsOf: (endpoint: Endpoint) => readonly string[],
  place: string,
): readonly Endpoint[] | undefined {
  if (ready.some(endpoint => hintsOf(endpoint).length === 0)) return undefined;
  const here = ready.filter(endpoint => hintsOf(endpoint).includes(place));
  return here.length > 0 ? here : undefined;
}
