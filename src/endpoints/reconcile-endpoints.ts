import type { EndpointSubset, Endpoints } from '../cluster/schema/endpoints.js';
import type { Pod } from '../cluster/schema/pod.js';
import type { Service } from '../cluster/schema/service.js';
import { endpointAddress } from './address.js';
import { saysTheSame } from './compare.js';
import {
  controllerName,
  headlessLabel,
  lastAppliedAnnotation,
  managedByLabel,
  overCapacityAnnotation,
} from './names.js';
import type { PodIndex } from './pod-index.js';
import { belongsInEndpoints, countsAsReady } from './pod-state.js';
import { repackSubsets } from './subsets.js';
import { endpointPort } from './target-port.js';
import { truncateSubsets } from './truncate.js';

/** An Endpoints object as kproxy writes it: what the API server keeps for itself (uid, timestamps) is left out. */
export interface EndpointsObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Endpoints';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly subsets?: readonly EndpointSubset[];
}

export type EndpointsDecision =
  | { readonly is: 'left alone'; readonly service: Service; readonly why: string }
  | {
      readonly is: 'unchanged';
      readonly service: Service;
      readonly object: EndpointsObject;
      readonly existing: Endpoints;
    }
  | {
      readonly is: 'changed';
      readonly service: Service;
      readonly object: EndpointsObject;
      readonly existing: Endpoints | undefined;
    };

/**
 * What Kubernetes' endpoints controller (v1.37) makes of a Service: selects its Pods and compares the object that follows
 * with the one that is there. Services without a selector and ExternalName are not its business.
 */
export function reconcileEndpoints(service: Service, pods: PodIndex, existing: Endpoints | undefined): EndpointsDecision {
  const { type, selector } = service.spec;
  if (type === 'ExternalName')
    return { is: 'left alone', service, why: 'it is an ExternalName, a name in DNS without endpoints' };
  if (selector == null)
    return { is: 'left alone', service, why: 'it has no selector, so whoever made it writes its Endpoints' };
  const object = desiredObject(service, pods(service.metadata.namespace, selector), existing);
  if (existing === undefined || !saysTheSame(comparable(existing), comparable(object))) {
    return { is: 'changed', service, object, existing };
  }
  return { is: 'unchanged', service, object: withoutServerFields(existing), existing };
}

export const comparable = ({ metadata, subsets }: EndpointsObject | Endpoints) => ({
  labels: metadata.labels,
  annotations: metadata.annotations,
  subsets: subsets ?? [],
});

function desiredObject(service: Service, pods: readonly Pod[], existing: Endpoints | undefined): EndpointsObject {
  const { subsets, isTruncated } = truncateSubsets(desiredSubsets(service, pods));
  const annotations = {
    ...othersAnnotations(existing),
    ...(isTruncated ? { [overCapacityAnnotation]: 'truncated' } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: metadataOf(service.metadata, desiredLabels(service), annotations),
    ...(subsets.length === 0 ? {} : { subsets }),
  };
}

/** One subset a Pod and port, which repacking then brings together. */
function desiredSubsets(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const ports = service.spec.ports ?? [];
  // Without ports there is something to say only for a headless Service, whose DNS names the addresses alone.
  if (ports.length === 0 && service.spec.clusterIP !== 'None') return [];
  const subsets = pods.filter(pod => belongsInEndpoints(pod, service)).flatMap(pod => podSubsets(service, pod));
  return repackSubsets(subsets);
}

function podSubsets(service: Service, pod: Pod): readonly EndpointSubset[] {
  const address = endpointAddress(service, pod);
  if (address === undefined) return [];
  const offered = countsAsReady(pod, service) ? { addresses: [address] } : { notReadyAddresses: [address] };
  const ports = service.spec.ports ?? [];
  if (ports.length === 0) return [offered];
  return ports.flatMap(servicePort => {
    const port = endpointPort(servicePort, pod);
    return port === undefined ? [] : [{ ...offered, ports: [port] }];
  });
}

function desiredLabels({ metadata, spec }: Service): Readonly<Record<string, string>> {
  const { [headlessLabel]: _, ...labels } = metadata.labels ?? {};
  const isHeadless = spec.clusterIP === 'None' || (spec.clusterIP ?? '') === '';
  return { ...labels, [managedByLabel]: controllerName, ...(isHeadless ? { [headlessLabel]: '' } : {}) };
}

function othersAnnotations(existing: Endpoints | undefined): Readonly<Record<string, string>> {
  const { [overCapacityAnnotation]: _, [lastAppliedAnnotation]: __, ...others } = existing?.metadata.annotations ?? {};
  return others;
}

function withoutServerFields({ metadata, subsets }: Endpoints): EndpointsObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = metadata.annotations ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: metadataOf(metadata, metadata.labels ?? {}, annotations),
    ...(subsets == null || subsets.length === 0 ? {} : { subsets }),
  };
}

function metadataOf(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): EndpointsObject['metadata'] {
  return {
    name,
    namespace,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}
