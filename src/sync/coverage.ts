import type { Cluster, InvalidObject } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import { type EndpointSlice, hasAddresses, serviceOfSlice } from '../cluster/schema/endpoint-slice.js';
import type { Service } from '../cluster/schema/service.js';
import type { ClusterStore } from '../cluster/store.js';
import { unusableIn } from '../cluster/unusable.js';
import { KproxyError } from '../errors.js';
import { elementsOf, type NodeState } from '../node/state.js';
import { lazily } from '../plan/evidence.js';
import type { IsOwn } from '../plan/ownership.js';
import { endpointSources, type FindSources } from '../proxy/endpoint.js';
import { isProxied, missingPart } from '../proxy/service-port.js';
import { countText } from '../text.js';
import { type StoreLookup, storeNow } from './moment.js';

/** What the user allows a read of the cluster to mean. */
export interface ReadScope {
  /** The only namespace that was read. Undefined means all. */
  readonly namespace: string | undefined;
  /** A cluster without Services, or without endpoints, is taken as it is. */
  readonly allowEmpty: boolean;
}

/** How much of the cluster is known, and so what the absence of an object means. */
export interface Coverage extends ReadScope {
  readonly services: number;
  /** At least one of the Services needs something on nodes. Headless ones and those of other proxies do not. */
  readonly hasProxied: boolean;
  /** EndpointSlices and Endpoints objects together. */
  readonly endpointObjects: number;
  readonly invalid: readonly InvalidObject[];
  /** Those of the invalid objects that cannot be used and of which no valid version is known. */
  readonly unusable: readonly InvalidObject[];
  /** Returns a Service by `namespace/name`. */
  readonly serviceNamed: (service: string) => Service | undefined;
  /** Returns the objects with the endpoints of a Service, by `namespace/name`. It need not be among the Services. */
  readonly sourcesOf: FindSources;
  /**
   * Returns true for a Service, by `namespace/name`, whose endpoints would be in an Endpoints object that could not be
   * read. Undefined if all were read.
   */
  readonly isUnread?: ((service: string) => boolean) | undefined;
}

export function coverageOfCluster(cluster: Cluster, { namespace, allowEmpty }: ReadScope): Coverage {
  const { services, endpointSlices, endpoints, invalid, unread = [] } = cluster;
  const sources = lazily(() => endpointSources(cluster));
  return {
    namespace,
    allowEmpty,
    services: services.length,
    hasProxied: services.some(isServed),
    endpointObjects: endpointSlices.length + endpoints.length,
    invalid,
    unusable: unusableIn(cluster),
    serviceNamed: name => services.find(({ metadata }) => namespacedName(metadata) === name),
    sourcesOf: service => sources()(service),
    isUnread: unread.includes('Endpoints') ? isWithoutSlice(endpointSlices) : undefined,
  };
}

function isWithoutSlice(slices: readonly EndpointSlice[]): (service: string) => boolean {
  const sliced = new Set(slices.filter(hasAddresses).map(serviceOfSlice));
  return service => !sliced.has(service);
}

/**
 * @param endpointsUnread whether Endpoints objects were not known at any time since the claims were computed
 * @param lookup how single objects are looked up
 */
export const coverageOfStore = (
  store: ClusterStore,
  { namespace, allowEmpty }: ReadScope,
  endpointsUnread: boolean,
  { serviceNamed, sourcesOf }: StoreLookup = storeNow(store),
): Coverage => ({
  namespace,
  allowEmpty,
  services: store.objects('Service').size,
  hasProxied: isAnyProxied(store.objects('Service').values()),
  endpointObjects: store.objects('EndpointSlice').size + store.objects('Endpoints').size,
  invalid: store.invalid(),
  unusable: store.neverUsable(),
  serviceNamed,
  sourcesOf,
  isUnread: endpointsUnread ? service => !sourcesOf(service).slices.some(hasAddresses) : undefined,
});

/** Stops at the first one: in nearly every cluster that is the first Service. */
function isAnyProxied(services: Iterable<Service>): boolean {
  for (const service of services) if (isServed(service)) return true;
  return false;
}

/** Returns true for a Service that needs something on nodes. */
export const isServed = (service: Service): boolean => isProxied(service) && missingPart(service) === undefined;

/** The coverage of a cluster that is known completely, whatever it has. */
export const wholeCoverage: Coverage = {
  namespace: undefined,
  allowEmpty: true,
  services: 0,
  hasProxied: false,
  endpointObjects: 0,
  invalid: [],
  unusable: [],
  serviceNamed: () => undefined,
  sourcesOf: () => ({ slices: [], endpoints: undefined }),
};

/** Returns true if the cluster has Services but no endpoint objects at all, which is more likely a broken read. */
export const hasNoEndpointObjects = ({ services, endpointObjects }: Coverage): boolean =>
  services > 0 && endpointObjects === 0;

/** Returns true if deciding what to keep needs the whole node, because most of it may belong to unread objects. */
export const needsWholeNode = (coverage: Coverage): boolean =>
  coverage.namespace !== undefined ||
  (!coverage.allowEmpty && (!coverage.hasProxied || coverage.endpointObjects === 0));

/**
 * Refuses to remove everything after a read without any Service that nodes serve. A cluster always has the Service
 * `kubernetes`.
 * @throws KproxyError (`cluster-empty`)
 */
export function refuseEmpty(coverage: Coverage, actual: NodeState, isOwn: IsOwn): void {
  if (coverage.hasProxied || coverage.allowEmpty || coverage.namespace !== undefined) return;
  const present = elementsOf(actual, 'virtual-server').filter(isOwn).length;
  if (present === 0) return;
  throw new KproxyError({
    code: 'cluster-empty',
    message: `${readText(coverage)}, but this node has ${countText(present, 'virtual server')} of kproxy's`,
    evidence: coverage.invalid.length > 0 && coverage.services === 0 ? 'All Services that were read are invalid.' : '',
    advice: 'Nothing was changed. If the cluster really has no such Service left, say so with --allow-empty.',
  });
}

const readText = ({ services }: Coverage): string =>
  services === 0
    ? 'no Service was read'
    : 'no Service that nodes serve was read ' +
      `(only ${countText(services, 'Service')} without a cluster IP or of another proxy)`;
