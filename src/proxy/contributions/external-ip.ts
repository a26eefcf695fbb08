import { atFront, type Contribution, entryClaim, entryText } from '../claim.js';
import { vipClaims, virtualServerClaims } from '../virtual-server.js';

/** spec.externalIPs: addresses that somebody else routes to this node. */
export const externalIp: Contribution = (port, context) =>
  port.externalIps.flatMap(address => {
    const at = { protocol: port.protocol, address, port: port.port };
    const set = port.externalTrafficPolicyLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP';
    return atFront(at, [
      entryClaim(set, port.family, entryText(address, at.protocol, at.port)),
      ...vipClaims(port, address, context),
      ...virtualServerClaims(port, at, context.endpoints.external, context),
    ]);
  });
