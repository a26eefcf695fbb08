import type { EndpointAddress } from '../cluster/schema/endpoints.js';
import type { Pod } from '../cluster/schema/pod.js';
import type { Service } from '../cluster/schema/service.js';
import { type Family, familyOf } from '../net/address.js';
import { podAddresses } from './pod-state.js';

/** Returns the Pod's address for this Service, or undefined if the Pod has none of the Service's family. */
export function endpointAddress(service: Service, pod: Pod): EndpointAddress | undefined {
  const family = endpointFamily(service, pod);
  const ip = podAddresses(pod).find(address => familyOf(address) === family);
  if (ip === undefined) return undefined;
  const { hostname, subdomain, nodeName } = pod.spec;
  const { namespace, name, uid } = pod.metadata;
  // A Pod that names the Service as its subdomain has a DNS name of its own in the Service's zone.
  const hasHostname = (hostname ?? '') !== '' && subdomain === service.metadata.name;
  return {
    ip,
    ...(hasHostname ? { hostname } : {}),
    // Kubernetes' controller writes an empty nodeName for a Pod without a node, and the API server refuses the object.
    ...((nodeName ?? '') === '' ? {} : { nodeName }),
    targetRef: { kind: 'Pod', namespace, name, ...(uid === undefined ? {} : { uid }) },
  };
}

/**
 * Returns the one family that a v1 Endpoints object has: the Service's first, else that of its cluster IP, else that of
 * the Pod's first address.
 */
function endpointFamily(service: Service, pod: Pod): Family {
  const [first] = service.spec.ipFamilies ?? [];
  if (first !== undefined) return first;
  const clusterIp = service.spec.clusterIP ?? '';
  if (clusterIp !== '' && clusterIp !== 'None') return familyOf(clusterIp);
  return familyOf(pod.status?.podIP || (podAddresses(pod)[0] ?? ''));
}
