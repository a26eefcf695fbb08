import type * as z from 'zod';
import type { Cluster } from './cluster.js';
import { endpointSliceSchema } from './schema/endpoint-slice.js';
import { endpointsSchema } from './schema/endpoints.js';
import { nodeSchema } from './schema/node.js';
import { podSchema } from './schema/pod.js';
import { serviceSchema } from './schema/service.js';

export type ClusterKind = 'Service' | 'EndpointSlice' | 'Endpoints' | 'Pod' | 'Node';
/** Where `Cluster` keeps the objects of each kind. */
interface FieldOfKind {
  readonly Service: 'services';
  readonly EndpointSlice: 'endpointSlices';
  readonly Endpoints: 'endpoints';
  readonly Pod: 'pods';
  readonly Node: 'nodes';
}
export type ObjectOfKind<Kind extends ClusterKind> = Cluster[FieldOfKind[Kind]][number];

export interface KindOfObject {
  readonly apiVersion: string;
  readonly schema: z.ZodType;
  /** The API server's name for the kind in paths and in messages (`services`). */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** The kinds that kproxy reads. All other kinds of a cluster are passed over. */
export const clusterKinds: Readonly<Record<ClusterKind, KindOfObject>> = {
  Service: {
    apiVersion: 'v1',
    schema: serviceSchema,
    resource: 'services',
    namespaced: true,
  },
  EndpointSlice: {
    apiVersion: 'discovery.k8s.io/v1',
    schema: endpointSliceSchema,
    resource: 'endpointslices',
    namespaced: true,
  },
  Endpoints: {
    apiVersion: 'v1',
    schema: endpointsSchema,
    resource: 'endpoints',
    namespaced: true,
  },
  Pod: { apiVersion: 'v1', schema: podSchema, resource: 'pods', namespaced: true },
  Node: { apiVersion: 'v1', schema: nodeSchema, resource: 'nodes', namespaced: false },
};

export const isClusterKind = (kind: string): kind is ClusterKind => Object.hasOwn(clusterKinds, kind);

/** The kinds of the core group that kproxy has no use for. A `v1` kind outside both lists is a slip of the pen. */
const otherCoreKinds = new Set([
  'Binding',
  'ComponentStatus',
  'ConfigMap',
  'Event',
  'LimitRange',
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'PodTemplate',
  'ReplicationController',
  'ResourceQuota',
  'Secret',
  'ServiceAccount',
]);

export type KindVerdict =
  | { readonly use: ClusterKind }
  | { readonly use: 'none' }
  | { readonly use: 'wrong'; readonly problem: string };

/**
 * Whether an object of this apiVersion and kind is used, passed over, or a mistake. A kind of kproxy's under a custom
 * API group (Knative's `serving.knative.dev/v1` Service) is another thing of the same name and is passed over.
 */
export function judgeKind(apiVersion: string, kind: string): KindVerdict {
  if (isClusterKind(kind)) return judgeApiVersion(apiVersion, kind);
  if (apiVersion === 'v1' && !otherCoreKinds.has(kind)) {
    return { use: 'wrong', problem: `kind: v1 has no kind ${JSON.stringify(kind)}` };
  }
  if (apiVersion === 'discovery.k8s.io/v1') {
    return { use: 'wrong', problem: `kind: discovery.k8s.io/v1 has no kind ${JSON.stringify(kind)}` };
  }
  return { use: 'none' };
}

function judgeApiVersion(apiVersion: string, kind: ClusterKind): KindVerdict {
  const wanted = clusterKinds[kind].apiVersion;
  if (apiVersion === wanted) return { use: kind };
  if (isCustomGroup(apiVersion)) return { use: 'none' };
  return { use: 'wrong', problem: `apiVersion: must be ${wanted} for kind ${kind}: ${JSON.stringify(apiVersion)}` };
}

function isCustomGroup(apiVersion: string): boolean {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return group.includes('.') && !group.endsWith('.k8s.io');
}
