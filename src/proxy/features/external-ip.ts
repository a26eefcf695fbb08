import { entryText, type ServiceFeature } from '../claim.js';
import { claimVip, claimVirtualServer } from '../virtual-server.js';

/** spec.externalIPs: addresses that other equipment routes to this node. */
export const externalIp: ServiceFeature = (port, endpoints, node, claimer) => {
  if (!node.options.servesExternalIps) return;
  const set = port.externalTrafficPolicyLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP';
  for (const address of port.externalIps) {
    const server = { protocol: port.protocol, address, port: port.port };
    const claims = claimer.at(server, 'external IP');
    claims.entry(set, entryText(address, server.protocol, server.port));
    claimVip(address, node, claims);
    claimVirtualServer(port, server, endpoints.external, node, claims);
  }
};
