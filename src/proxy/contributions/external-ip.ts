import { type Contribution, entryText } from '../claim.js';
import { vipClaims, virtualServerClaims } from '../virtual-server.js';

/** spec.externalIPs: addresses that somebody else routes to this node. */
export const externalIp: Contribution = (port, context) =>
  port.externalIps.flatMap(address => {
    const at = { protocol: port.protocol, address, port: port.port };
    const ask = context.ask.at(at);
    const set = port.externalTrafficPolicyLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP';
    return [
      ask.entry(set, entryText(address, at.protocol, at.port)),
      ...vipClaims(address, context, ask),
      ...virtualServerClaims(port, at, context.endpoints.external, context, ask),
    ];
  });
