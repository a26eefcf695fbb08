import type { Pod } from '../cluster/schema/pod.js';
import type { Service } from '../cluster/schema/service.js';

/**
 * Returns true if a selected Pod belongs in the Endpoints object. As in Kubernetes (ShouldPodBeInEndpoints), a Pod does
 * not belong there if it has ended (Succeeded, Failed), has no address, or is terminating. A Service that publishes
 * Pods that are not ready also publishes terminating ones.
 */
export function isEndpoint(pod: Pod, service: Service): boolean {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed' || podAddresses(pod).length === 0) return false;
  const isTerminating = (pod.metadata.deletionTimestamp ?? '') !== '';
  return !isTerminating || service.spec.publishNotReadyAddresses === true;
}

/** Returns true if the kubelet reports the Pod as ready, or if the Service treats all of its Pods as ready. */
export function isReadyEndpoint(pod: Pod, service: Service): boolean {
  if (service.spec.publishNotReadyAddresses === true) return true;
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}

/**
 * Returns the Pod's addresses. As in the API server, podIP wins over a list that begins with another address: an object
 * in a file may have it alone, or may have been edited.
 */
export function podAddresses(pod: Pod): readonly string[] {
  const addresses = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
  const address = pod.status?.podIP ?? '';
  return address === '' || address === addresses[0] ? addresses : [address];
}
