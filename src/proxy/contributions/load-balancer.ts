import { atFront, type Contribution, entryClaim, entryText } from '../claim.js';
import { sourceRangeClaims } from '../source-ranges.js';
import { vipClaims, virtualServerClaims } from '../virtual-server.js';

/** The VIPs that a load balancer has announced in the Service's status. */
export const loadBalancer: Contribution = (port, context) =>
  port.loadBalancerIps.flatMap(address => {
    const at = { protocol: port.protocol, address, port: port.port };
    const entry = entryText(address, at.protocol, at.port);
    return atFront(at, [
      entryClaim('KUBE-LOAD-BALANCER', port.family, entry),
      ...(port.externalTrafficPolicyLocal ? [entryClaim('KUBE-LOAD-BALANCER-LOCAL', port.family, entry)] : []),
      ...sourceRangeClaims(port, address, context),
      ...vipClaims(port, address, context),
      ...virtualServerClaims(port, at, context.endpoints.external, context),
    ]);
  });
