import type { ServiceFeature } from '../claim.js';

/** The port on which a load balancer asks whether this node has local endpoints. */
export const healthCheck: ServiceFeature = (port, _endpoints, _node, claimer) => {
  if (port.healthCheckNodePort !== 0) claimer.entry('KUBE-HEALTH-CHECK-NODE-PORT', String(port.healthCheckNodePort));
};
