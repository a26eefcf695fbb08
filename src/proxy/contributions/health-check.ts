import { type Contribution, entryClaim } from '../claim.js';

/** The port on which a load balancer asks whether this node has local endpoints. */
export const healthCheck: Contribution = port =>
  port.healthCheckNodePort === 0
    ? []
    : [entryClaim('KUBE-HEALTH-CHECK-NODE-PORT', port.family, String(port.healthCheckNodePort))];
