import { type Contribution, entryText } from '../claim.js';
import { askForSourceRanges } from '../source-ranges.js';
import { askForVip, askForVirtualServer } from '../virtual-server.js';

/** The VIPs that a load balancer has announced in the Service's status. */
export const loadBalancer: Contribution = (port, endpoints, node, ask) => {
  for (const address of port.loadBalancerIps) {
    const at = { protocol: port.protocol, address, port: port.port };
    const here = ask.at(at);
    const entry = entryText(address, at.protocol, at.port);
    here.entry('KUBE-LOAD-BALANCER', entry);
    if (port.externalTrafficPolicyLocal) here.entry('KUBE-LOAD-BALANCER-LOCAL', entry);
    askForSourceRanges(port, address, node, here);
    askForVip(address, node, here);
    askForVirtualServer(port, at, endpoints.external, node, here);
  }
};
