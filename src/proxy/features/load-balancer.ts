import { entryText, type ServiceFeature } from '../claim.js';
import { claimSourceRanges } from '../source-ranges.js';
import { claimVip, claimVirtualServer } from '../virtual-server.js';

/** The VIPs that a load balancer has announced in the Service's status. */
export const loadBalancer: ServiceFeature = (port, endpoints, node, claimer) => {
  for (const address of port.loadBalancerIps) {
    const server = { protocol: port.protocol, address, port: port.port };
    const claims = claimer.at(server, 'load balancer address');
    const entry = entryText(address, server.protocol, server.port);
    claims.entry('KUBE-LOAD-BALANCER', entry);
    if (port.externalTrafficPolicyLocal) claims.entry('KUBE-LOAD-BALANCER-LOCAL', entry);
    claimSourceRanges(port, address, node, claims);
    claimVip(address, node, claims);
    claimVirtualServer(port, server, endpoints.external, node, claims);
  }
};
