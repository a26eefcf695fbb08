import { namespacedName } from '../cluster/names.js';
import { type EndpointSlice, serviceOfSlice } from '../cluster/schema/endpoint-slice.js';
import type { Endpoints } from '../cluster/schema/endpoints.js';
import type { Node } from '../cluster/schema/node.js';
import type { ClusterStore, ObjectChange } from '../cluster/store.js';
import type { NodeFacts } from '../node/facts.js';
import type { FindSources } from '../proxy/endpoint.js';
import { podCidrs } from '../proxy/local-detection.js';
import type { ProxyOptions } from '../proxy/options.js';
import { apiServerService } from '../proxy/relied-addresses.js';
import { familiesOf } from '../proxy/service-claims.js';
import { topologyOf } from '../proxy/topology.js';

/** Returns the Services, by `namespace/name`, whose claims depend on the changed objects. */
export const servicesTouchedBy = (changes: readonly ObjectChange[]): ReadonlySet<string> =>
  new Set(changes.flatMap(servicesOf).filter(name => name !== undefined));

function servicesOf(change: ObjectChange): readonly (string | undefined)[] {
  switch (change.kind) {
    case 'EndpointSlice':
      return [change.before, change.after].map(slice => slice && serviceOfSlice(slice));
    case 'Service':
    case 'Endpoints':
      return [change.before, change.after].map(object => object && namespacedName(object.metadata));
    case 'Node':
    case 'Pod':
      return [];
  }
}

/** What decides which parts of Nodes count. */
export type NodeOptions = Pick<ProxyOptions, 'nodeName' | 'localDetection'>;

/**
 * Returns true if the whole node depends on one of the changed objects: on this node's zone or addresses, on the
 * networks of its Pods if local traffic is detected by them, or on the addresses of the API servers. Node objects
 * change with every heartbeat, so nothing else in them counts.
 */
export const changesEverything = (changes: readonly ObjectChange[], options: NodeOptions): boolean =>
  changes.some(
    change =>
      (change.kind === 'Node' && placeOf(change.before, options) !== placeOf(change.after, options)) ||
      isOfApiServers(change),
  );

/** No Service may have the address of an API server, unless the user allows it. */
const isOfApiServers = (change: ObjectChange): boolean =>
  (change.kind === 'EndpointSlice' || change.kind === 'Endpoints') &&
  servicesOf(change).includes(apiServerService) &&
  addressesIn(change.before) !== addressesIn(change.after);

const addressesIn = (object: EndpointSlice | Endpoints | undefined): string => {
  if (object === undefined) return '';
  return JSON.stringify(object.kind === 'Endpoints' ? object.subsets : [object.endpoints, object.ports]);
};

/** Returns true if a Service has a family whose tables were not tried out when the node was read. */
export function hasUntriedFamily(changes: readonly ObjectChange[], { untried }: NodeFacts): boolean {
  if (untried.length === 0) return false;
  const services = changes.flatMap(({ kind, after }) => (kind === 'Service' && after !== undefined ? [after] : []));
  const needed = familiesOf(services);
  return untried.some(family => needed.has(family));
}

function placeOf(node: Node | undefined, { nodeName, localDetection }: NodeOptions): string {
  if (node === undefined || node.metadata.name !== nodeName) return '';
  const networks = localDetection.by === 'NodeCIDR' ? podCidrs(node) : [];
  return JSON.stringify([topologyOf({ nodes: [node] }, nodeName).zone, node.status?.addresses, networks]);
}

/** Returns a lookup of each Service's endpoint objects in the store as it is at the time of the call. */
export const sourcesIn =
  (store: ClusterStore): FindSources =>
  service => ({ slices: store.slicesOf(service), endpoints: store.objects('Endpoints').get(service) });
