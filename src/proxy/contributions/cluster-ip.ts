import { atFront, type Contribution, entryClaim, entryText } from '../claim.js';
import { vipClaims, virtualServerClaims } from '../virtual-server.js';

/** The VIP that every proxied Service has. */
export const clusterIp: Contribution = (port, context) => {
  const at = { protocol: port.protocol, address: port.clusterIp, port: port.port };
  return atFront(at, [
    entryClaim('KUBE-CLUSTER-IP', port.family, entryText(at.address, at.protocol, at.port)),
    ...vipClaims(port, at.address, context),
    ...virtualServerClaims(port, at, context.endpoints.internal, context),
  ]);
};
