import { type Contribution, entryText } from '../claim.js';
import { askForVip, askForVirtualServer } from '../virtual-server.js';

/** spec.externalIPs: addresses that somebody else routes to this node. */
export const externalIp: Contribution = (port, endpoints, node, ask) => {
  const set = port.externalTrafficPolicyLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP';
  for (const address of port.externalIps) {
    const at = { protocol: port.protocol, address, port: port.port };
    const here = ask.at(at);
    here.entry(set, entryText(address, at.protocol, at.port));
    askForVip(address, node, here);
    askForVirtualServer(port, at, endpoints.external, node, here);
  }
};
