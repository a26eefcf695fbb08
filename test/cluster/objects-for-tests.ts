/** Short objects as a user writes them. Fields that a test does not set have a working value. */

export const service = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { clusterIP: '10.254.10.128', selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});

interface PodParts {
  readonly labels?: object;
  readonly namespace?: string;
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
  readonly ready?: boolean;
}

/** Returns a running Pod of `app=web` on the node inajob. */
export const pod = (name: string, ip: string, parts: PodParts = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: parts.namespace ?? 'default',
    uid: `uid-${name}`,
    labels: parts.labels ?? { app: 'web' },
    ...parts.metadata,
  },
  spec: { nodeName: 'inajob', containers: [{ name: 'web' }], ...parts.spec },
  status: {
    phase: 'Running',
    podIP: ip,
    podIPs: [{ ip }],
    conditions: [{ type: 'Ready', status: (parts.ready ?? true) ? 'True' : 'False' }],
    ...parts.status,
  },
});

export const endpoints = (name: string, subsets: readonly object[], metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: {
    name,
    namespace: 'default',
    labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
    ...metadata,
  },
  subsets,
});

export const listOf = (...items: readonly object[]) => ({ apiVersion: 'v1', kind: 'List', items });
