import { type EndpointSlice, serviceOfSlice } from '../cluster/schema/endpoint-slice.js';
import type { Node } from '../cluster/schema/node.js';
import type { ClusterStore, ObjectChange } from '../cluster/store.js';
import type { FindSources } from '../proxy/endpoint.js';
import { topologyOf } from '../proxy/topology.js';

/** The Services, by `namespace/name`, whose claims depend on these objects. */
export function servicesTouchedBy(changes: readonly ObjectChange[]): ReadonlySet<string> {
  const touched = new Set<string>();
  for (const { kind, before, after } of changes)
    for (const object of [before, after]) {
      if (object === undefined) continue;
      const name = kind === 'EndpointSlice' ? serviceOfSlice(object as EndpointSlice) : nameOf(object);
      if (name !== undefined && kind !== 'Node' && kind !== 'Pod') touched.add(name);
    }
  return touched;
}

const nameOf = ({ metadata }: { readonly metadata: { readonly namespace: string; readonly name: string } }): string =>
  `${metadata.namespace}/${metadata.name}`;

/** Whether every Service's claims depend on one of these objects: on this node's zone or addresses. Nodes tell of their health all the time. */
export const changesEverything = (changes: readonly ObjectChange[], nodeName: string): boolean =>
  changes.some(
    ({ kind, before, after }) =>
      kind === 'Node' && placeOf(before as Node | undefined, nodeName) !== placeOf(after as Node | undefined, nodeName),
  );

function placeOf(node: Node | undefined, nodeName: string): string {
  if (node === undefined || node.metadata.name !== nodeName) return '';
  return JSON.stringify([topologyOf({ nodes: [node] }, nodeName).zone, node.status?.addresses]);
}

/** Each Service's endpoint objects, kept up with the store. */
export const sourcesIn =
  (store: ClusterStore): FindSources =>
  service => ({ slices: store.slicesOf(service), endpoints: store.objects('Endpoints').get(service) });
