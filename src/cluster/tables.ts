import type { Cluster, InvalidObject } from './cluster.js';
import type { ClusterKind, ObjectOfKind } from './kinds.js';

/** The objects of each kind by `namespace/name`, in the order in which they were added. */
export type ObjectTables = { readonly [Kind in ClusterKind]: Map<string, ObjectOfKind<Kind>> };

export const createObjectTables = (): ObjectTables => ({
  Service: new Map(),
  EndpointSlice: new Map(),
  Endpoints: new Map(),
  Pod: new Map(),
  Node: new Map(),
});

/** Returns the objects of the tables as they are now. */
export const clusterOf = (
  tables: ObjectTables,
  invalid: readonly InvalidObject[],
  notes: readonly string[],
): Cluster => ({
  services: [...tables.Service.values()],
  endpointSlices: [...tables.EndpointSlice.values()],
  endpoints: [...tables.Endpoints.values()],
  pods: [...tables.Pod.values()],
  nodes: [...tables.Node.values()],
  invalid,
  notes,
});

/** Returns a cluster's objects of each kind. */
export const objectsByKind = (cluster: Cluster): { readonly [Kind in ClusterKind]: readonly ObjectOfKind<Kind>[] } => ({
  Service: cluster.services,
  EndpointSlice: cluster.endpointSlices,
  Endpoints: cluster.endpoints,
  Pod: cluster.pods,
  Node: cluster.nodes,
});
