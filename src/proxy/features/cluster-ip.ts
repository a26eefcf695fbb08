import { entryText, type ServiceFeature } from '../claim.js';
import { bindVip, claimVirtualServer } from '../virtual-server.js';

/** The VIP that every proxied Service has, unless it is an address that cannot be served. */
export const clusterIp: ServiceFeature = (port, endpoints, node, claimer) => {
  if (port.clusterIp === undefined) return;
  const server = { protocol: port.protocol, address: port.clusterIp, port: port.port };
  const claims = claimer.at(server, 'cluster IP');
  claims.entry('KUBE-CLUSTER-IP', entryText(server.address, server.protocol, server.port));
  bindVip(server.address, node, claims);
  claimVirtualServer(port, server, endpoints.internal, node, claims);
};
