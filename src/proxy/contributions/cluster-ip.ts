import { type Contribution, entryText } from '../claim.js';
import { vipClaims, virtualServerClaims } from '../virtual-server.js';

/** The VIP that every proxied Service has. */
export const clusterIp: Contribution = (port, context) => {
  const at = { protocol: port.protocol, address: port.clusterIp, port: port.port };
  const ask = context.ask.at(at);
  return [
    ask.entry('KUBE-CLUSTER-IP', entryText(at.address, at.protocol, at.port)),
    ...vipClaims(at.address, context, ask),
    ...virtualServerClaims(port, at, context.endpoints.internal, context, ask),
  ];
};
