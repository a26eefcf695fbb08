import type { Contribution } from '../claim.js';

/** The port on which a load balancer asks whether this node has local endpoints. */
export const healthCheck: Contribution = (port, _endpoints, _node, ask) => {
  if (port.healthCheckNodePort !== 0) ask.entry('KUBE-HEALTH-CHECK-NODE-PORT', String(port.healthCheckNodePort));
};
