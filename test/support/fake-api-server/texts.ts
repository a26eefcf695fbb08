import type { ClusterKind } from '../../../src/cluster/kinds.js';

/** Short objects, and the texts in which an API server sends them. */
export interface NamedObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

export const namedObject = (name: string, resourceVersion: string, kind: ClusterKind = 'Service'): NamedObject => ({
  kind,
  apiVersion: kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'v1',
  metadata: { name, resourceVersion },
});

/** Returns a typed list. Its items have no kind, as in those of an API server. */
export function listText(version: string, items: readonly NamedObject[], next?: string, kind: ClusterKind = 'Service') {
  const metadata = { resourceVersion: version, ...(next === undefined ? {} : { continue: next }) };
  const bareItems = items.map(({ metadata }) => ({ metadata }));
  return JSON.stringify({ kind: `${kind}List`, apiVersion: 'v1', metadata, items: bareItems });
}

/** Returns a line of a watch. */
export const eventLine = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;

export const bookmark = (resourceVersion: string, kind: ClusterKind = 'Service'): string =>
  eventLine('BOOKMARK', { kind, apiVersion: 'v1', metadata: { resourceVersion } });

/** Returns the line after the last object of a streaming list (KEP-3157). */
export const listEnd = (resourceVersion: string, kind: ClusterKind = 'Service'): string =>
  eventLine('BOOKMARK', {
    kind,
    apiVersion: 'v1',
    metadata: { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } },
  });

/** Returns a streaming list: the objects, and the end. */
export const streamText = (
  resourceVersion: string,
  items: readonly NamedObject[],
  kind: ClusterKind = 'Service',
): string => [...items.map(item => eventLine('ADDED', item)), listEnd(resourceVersion, kind)].join('');

/** Returns a `Status` object, which an API server sends for a failure. */
export const statusObject = (code: number, reason: string, details: object = {}) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: `${reason} it is`,
  reason,
  details,
  code,
});
