import type { EndpointSlice } from './schema/endpoint-slice.js';

const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
/** Kubernetes' controllers name themselves in this domain: `endpointslice-controller.k8s.io`. */
const kubernetesDomain = '.k8s.io';

/**
 * Returns true for a slice that one of Kubernetes' controllers made from a Service's Pods or from an Endpoints object.
 * Where there is one, every Service gets its slices, and Endpoints objects are copies of them. The slice that the API
 * server makes for itself has no such label. Slices made by hand have other values, if any: Kubernetes' documentation
 * suggests `staff` and `cluster-admins`.
 */
export const isMadeByController = ({ metadata }: EndpointSlice): boolean =>
  metadata.labels?.[managedByLabel]?.endsWith(kubernetesDomain) === true;
