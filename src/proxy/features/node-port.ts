import type { Protocol } from '../../net/protocol.js';
import type { SetName } from '../../node/names.js';
import { type Contribution, entryText } from '../claim.js';
import { askForVirtualServer } from '../virtual-server.js';

const sets: Readonly<Record<Protocol, { readonly all: SetName; readonly local: SetName }>> = {
  TCP: { all: 'KUBE-NODE-PORT-TCP', local: 'KUBE-NODE-PORT-LOCAL-TCP' },
  UDP: { all: 'KUBE-NODE-PORT-UDP', local: 'KUBE-NODE-PORT-LOCAL-UDP' },
  SCTP: { all: 'KUBE-NODE-PORT-SCTP-HASH', local: 'KUBE-NODE-PORT-LOCAL-SCTP-HASH' },
};

/** The same port on the node's own addresses, which are never bound to the IPVS device. */
export const nodePort: Contribution = (port, endpoints, node, ask) => {
  if (port.nodePort === 0) return;
  const { all, local } = sets[port.protocol];
  for (const address of node.nodePortAddresses) {
    const at = { protocol: port.protocol, address, port: port.nodePort };
    const here = ask.at(at);
    // A set of ports has no protocol SCTP, so SCTP lists every address with the port.
    const entry = port.protocol === 'SCTP' ? entryText(address, at.protocol, at.port) : String(port.nodePort);
    here.entry(all, entry);
    if (port.externalTrafficPolicyLocal) here.entry(local, entry);
    askForVirtualServer(port, at, endpoints.external, node, here);
  }
};
