import type { EndpointPort } from '../cluster/schema/endpoints.js';
import type { Container, Pod } from '../cluster/schema/pod.js';
import type { ServiceSpecPort } from '../cluster/schema/service.js';

/** Returns the Pod's port for a Service port, or undefined if no container has a port of that name and protocol. */
export function endpointPort(servicePort: ServiceSpecPort, pod: Pod): EndpointPort | undefined {
  const port = targetPortNumber(servicePort, pod);
  if (port === undefined) return undefined;
  const { name, protocol, appProtocol } = servicePort;
  return {
    ...((name ?? '') === '' ? {} : { name }),
    port,
    protocol,
    ...(appProtocol == null ? {} : { appProtocol }),
  };
}

function targetPortNumber({ port, targetPort, protocol }: ServiceSpecPort, pod: Pod): number | undefined {
  // The API server sets a missing targetPort to the port.
  if (targetPort == null || targetPort === '' || targetPort === 0) return port;
  if (typeof targetPort === 'number') return targetPort;
  return containersInOrder(pod)
    .flatMap(container => container.ports ?? [])
    .find(candidate => candidate.name === targetPort && (candidate.protocol ?? 'TCP') === protocol)?.containerPort;
}

/**
 * Returns the containers, then the sidecars (init containers that keep running). Other init containers serve nothing.
 */
function containersInOrder({ spec }: Pod): readonly Container[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec.containers ?? []), ...sidecars];
}
