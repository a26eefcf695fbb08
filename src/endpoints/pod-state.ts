import type { Pod } from '../cluster/schema/pod.js';
import type { Service } from '../cluster/schema/service.js';

/**
 * Whether a selected Pod stands in the Endpoints at all: not when it is over (Succeeded, Failed), has no address, or is
 * being deleted. A Service that publishes Pods that are not ready also publishes those being deleted.
 */
export function belongsInEndpoints(pod: Pod, service: Service): boolean {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed' || podAddresses(pod).length === 0) return false;
  const isDeleted = (pod.metadata.deletionTimestamp ?? '') !== '';
  return !isDeleted || service.spec.publishNotReadyAddresses === true;
}

/** Readiness as the kubelet reports it, or as the Service wants all of its Pods to be taken. */
export function countsAsReady(pod: Pod, service: Service): boolean {
  if (service.spec.publishNotReadyAddresses === true) return true;
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** The API server fills podIPs from podIP; objects written by hand may have podIP alone. */
export function podAddresses(pod: Pod): readonly string[] {
  const addresses = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
  const address = pod.status?.podIP ?? '';
  return addresses.length > 0 || address === '' ? addresses : [address];
}
