import { type Contribution, entryText } from '../claim.js';
import { askForVip, askForVirtualServer } from '../virtual-server.js';

/** The VIP that every proxied Service has. */
export const clusterIp: Contribution = (port, endpoints, node, ask) => {
  const at = { protocol: port.protocol, address: port.clusterIp, port: port.port };
  const here = ask.at(at);
  here.entry('KUBE-CLUSTER-IP', entryText(at.address, at.protocol, at.port));
  askForVip(at.address, node, here);
  askForVirtualServer(port, at, endpoints.internal, node, here);
};
