import type { EndpointPort } from '../cluster/schema/endpoints.js';
import type { Container, Pod } from '../cluster/schema/pod.js';
import type { ServiceSpecPort } from '../cluster/schema/service.js';

/** Where a Service port leads in this Pod, or undefined where no container has a port of that name and protocol. */
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
  // The API server fills in the port itself where no targetPort is given.
  if (targetPort == null || targetPort === '' || targetPort === 0) return port;
  if (typeof targetPort === 'number') return targetPort;
  return containersInOrder(pod)
    .flatMap(container => container.ports ?? [])
    .find(candidate => candidate.name === targetPort && (candidate.protocol ?? 'TCP') === protocol)?.containerPort;
}

/** Sidecars, the init containers that keep running, come after the containers proper. Other init containers serve nothing. */
function containersInOrder({ spec }: Pod): readonly Container[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec.containers ?? []), ...sidecars];
}
