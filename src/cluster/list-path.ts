import { type ClusterKind, clusterKinds } from './kinds.js';

/** Returns the API server's path of the list of a kind's objects, in one namespace or, if undefined, in all. */
export function listPath(kind: ClusterKind, namespace: string | undefined): string {
  const { apiVersion, resource, namespaced } = clusterKinds[kind];
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const scope = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${resource}`;
}
