import type * as z from 'zod';
import { type EndpointSlice, endpointSliceSchema } from './schema/endpoint-slice.js';
import { type Endpoints, endpointsSchema } from './schema/endpoints.js';
import { type Node, nodeSchema } from './schema/node.js';
import { type Pod, podSchema } from './schema/pod.js';
import { type Service, serviceSchema } from './schema/service.js';

interface ObjectsOfKinds {
  readonly Service: Service;
  readonly EndpointSlice: EndpointSlice;
  readonly Endpoints: Endpoints;
  readonly Pod: Pod;
  readonly Node: Node;
}

export type ClusterKind = keyof ObjectsOfKinds;
export type ObjectOfKind<Kind extends ClusterKind> = ObjectsOfKinds[Kind];

export interface KindDescription<Kind extends ClusterKind> {
  readonly apiVersion: string;
  readonly schema: z.ZodType<ObjectOfKind<Kind>>;
  /** The API server's name for the kind in paths and messages (`services`). */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** The kinds that kproxy reads. It ignores all other kinds. */
export const clusterKinds: { readonly [Kind in ClusterKind]: KindDescription<Kind> } = {
  Service: { apiVersion: 'v1', schema: serviceSchema, resource: 'services', namespaced: true },
  EndpointSlice: {
    apiVersion: 'discovery.k8s.io/v1',
    schema: endpointSliceSchema,
    resource: 'endpointslices',
    namespaced: true,
  },
  Endpoints: { apiVersion: 'v1', schema: endpointsSchema, resource: 'endpoints', namespaced: true },
  Pod: { apiVersion: 'v1', schema: podSchema, resource: 'pods', namespaced: true },
  Node: { apiVersion: 'v1', schema: nodeSchema, resource: 'nodes', namespaced: false },
};

export const kindNames = Object.keys(clusterKinds) as readonly ClusterKind[];

/** Returns true for the kinds of objects that list a Service's endpoints. */
export const isEndpointKind = (kind: string): boolean => kind === 'EndpointSlice' || kind === 'Endpoints';

/** Returns false for a kind that is none of those that kproxy reads, such as a misspelt one. */
export const isClusterKind = (kind: string): kind is ClusterKind => Object.hasOwn(clusterKinds, kind);

/** The kinds of the core group that kproxy ignores. Any other `v1` kind is a spelling mistake. */
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

/** The kinds from which a controller creates Pods, with their API groups. */
const workloads: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
  '/ReplicationController',
]);

/** Returns true for a kind from which a controller creates Pods. */
export const isWorkload = (apiVersion: string, kind: string): boolean =>
  workloads.has(`${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}/${kind}`);

export type KindVerdict =
  | { readonly is: 'used'; readonly kind: ClusterKind }
  | { readonly is: 'ignored' }
  | { readonly is: 'invalid'; readonly problem: string };

/**
 * Decides if an object of this apiVersion and kind is used, ignored, or a mistake. One of kproxy's kinds under a custom
 * API group (Knative's `serving.knative.dev/v1` Service) is a different kind with the same name, and is ignored.
 */
export function judgeKind(apiVersion: string, kind: string): KindVerdict {
  if (kind === '') return { is: 'invalid', problem: 'kind: is missing' };
  if (isClusterKind(kind)) return judgeApiVersion(apiVersion, kind);
  const hasOwnKindsOnly = apiVersion === 'discovery.k8s.io/v1' || (apiVersion === 'v1' && !otherCoreKinds.has(kind));
  if (hasOwnKindsOnly) return { is: 'invalid', problem: `kind: ${apiVersion} has no kind ${JSON.stringify(kind)}` };
  return { is: 'ignored' };
}

function judgeApiVersion(apiVersion: string, kind: ClusterKind): KindVerdict {
  const expected = clusterKinds[kind].apiVersion;
  if (apiVersion === expected) return { is: 'used', kind };
  if (isCustomGroup(apiVersion)) return { is: 'ignored' };
  return { is: 'invalid', problem: `apiVersion: must be ${expected} for kind ${kind}: ${JSON.stringify(apiVersion)}` };
}

function isCustomGroup(apiVersion: string): boolean {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return group.includes('.') && !group.endsWith('.k8s.io');
}
