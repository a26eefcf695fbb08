import type { EndpointSubset, Endpoints } from '../cluster/schema/endpoints.js';
import type { Pod } from '../cluster/schema/pod.js';
import type { Service } from '../cluster/schema/service.js';
import { endpointAddress } from './address.js';
import type { EndpointsObject } from './decision.js';
import {
  controllerName,
  headlessLabel,
  lastAppliedAnnotation,
  managedByLabel,
  overCapacityAnnotation,
} from './names.js';
import { isEndpoint, isReadyEndpoint } from './pod-state.js';
import { repackSubsets } from './subsets.js';
import { endpointPort } from './target-port.js';
import { truncateSubsets } from './truncate.js';

/** Builds the Endpoints object of a Service from the Pods it selects. Keeps other software's annotations. */
export function desiredObject(
  service: Service,
  pods: readonly Pod[],
  existing: Endpoints | undefined,
): EndpointsObject {
  const { subsets, isTruncated } = truncateSubsets(desiredSubsets(service, pods));
  const annotations = {
    ...foreignAnnotations(existing),
    ...(isTruncated ? { [overCapacityAnnotation]: 'truncated' } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: metadataOf(service.metadata, desiredLabels(service), annotations),
    ...(subsets.length === 0 ? {} : { subsets }),
  };
}

/** Returns an object that the API server stored without the fields that the server and kubectl added. */
export function withoutServerFields({ metadata, subsets }: Endpoints): EndpointsObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = metadata.annotations ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: metadataOf(metadata, metadata.labels ?? {}, annotations),
    ...(subsets == null || subsets.length === 0 ? {} : { subsets }),
  };
}

function desiredSubsets(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const ports = service.spec.ports ?? [];
  // Without ports only a headless Service has endpoints: its DNS records hold addresses alone.
  if (ports.length === 0 && service.spec.clusterIP !== 'None') return [];
  return repackSubsets(pods.filter(pod => isEndpoint(pod, service)).flatMap(pod => podSubsets(service, pod)));
}

/** Returns one subset for each port. Repacking merges them. */
function podSubsets(service: Service, pod: Pod): readonly EndpointSubset[] {
  const address = endpointAddress(service, pod);
  if (address === undefined) return [];
  const subset = isReadyEndpoint(pod, service) ? { addresses: [address] } : { notReadyAddresses: [address] };
  const ports = service.spec.ports ?? [];
  if (ports.length === 0) return [subset];
  return ports.flatMap(servicePort => {
    const port = endpointPort(servicePort, pod);
    return port === undefined ? [] : [{ ...subset, ports: [port] }];
  });
}

function desiredLabels({ metadata, spec }: Service): Readonly<Record<string, string>> {
  const { [headlessLabel]: _, ...labels } = metadata.labels ?? {};
  // A manifest may lack the cluster IP that the API server will assign.
  const isHeadless = spec.clusterIP === 'None';
  return { ...labels, [managedByLabel]: controllerName, ...(isHeadless ? { [headlessLabel]: '' } : {}) };
}

function foreignAnnotations(existing: Endpoints | undefined): Readonly<Record<string, string>> {
  const { [overCapacityAnnotation]: _, [lastAppliedAnnotation]: __, ...others } = existing?.metadata.annotations ?? {};
  return others;
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
