import {
  type KubernetesObject,
  nodeName,
  nodeObject,
  otherNodeName,
  podAddress,
  serviceId,
  serviceObject,
  sliceObject,
} from './objects.js';

/** The size of a generated cluster. */
export interface Size {
  readonly services: number;
  /** Endpoints of each Service. */
  readonly endpoints: number;
}

export const sizeText = ({ services, endpoints }: Size): string => `${services}x${endpoints}`;

export const clusterCidr = '10.244.0.0/16';

export interface ClusterList {
  readonly apiVersion: 'v1';
  readonly kind: 'List';
  readonly items: readonly KubernetesObject[];
}

/** Generates a cluster. The same size always gives the same cluster. */
export function clusterOf({ services, endpoints }: Size): ClusterList {
  const indexes = Array.from({ length: services }, (_, index) => index);
  const nodes = [nodeObject(nodeName, '10.10.0.11'), nodeObject(otherNodeName, '10.10.0.12')];
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [...nodes, ...indexes.map(serviceObject), ...indexes.map(index => sliceObject(index, endpoints))],
  };
}

/** A change of the cluster: one Service gets one more endpoint. */
export interface EndpointAddition {
  /** The namespaced name of the Service. */
  readonly service: string;
  readonly slice: KubernetesObject;
  /** The real server that the change adds, as /proc/net/ip_vs lists it. */
  readonly realServer: string;
}

export function endpointAddition({ endpoints }: Pick<Size, 'endpoints'>, service: number): EndpointAddition {
  return {
    service: serviceId(service),
    slice: sliceObject(service, endpoints, endpoints + 1),
    realServer: `${hexadecimal(podAddress(service, endpoints, endpoints))}:1F90`,
  };
}

const hexadecimal = (address: string): string =>
  address
    .split('.')
    .map(octet => Number(octet).toString(16).toUpperCase().padStart(2, '0'))
    .join('');

/** Returns the cluster after the change. */
export function withChange(cluster: ClusterList, { slice }: EndpointAddition): ClusterList {
  const nameOf = (object: KubernetesObject) => (object.metadata as { readonly name: string }).name;
  return { ...cluster, items: cluster.items.map(item => (nameOf(item) === nameOf(slice) ? slice : item)) };
}
