import type { Protocol } from '../../net/protocol.js';
import type { SetName } from '../../node/names.js';
import { entryText, type ServiceFeature } from '../claim.js';
import { claimVirtualServer } from '../virtual-server.js';

const sets: Readonly<Record<Protocol, { readonly all: SetName; readonly local: SetName }>> = {
  TCP: { all: 'KUBE-NODE-PORT-TCP', local: 'KUBE-NODE-PORT-LOCAL-TCP' },
  UDP: { all: 'KUBE-NODE-PORT-UDP', local: 'KUBE-NODE-PORT-LOCAL-UDP' },
  SCTP: { all: 'KUBE-NODE-PORT-SCTP-HASH', local: 'KUBE-NODE-PORT-LOCAL-SCTP-HASH' },
};

/** The same port on the node's own addresses, which are never bound to the IPVS device. */
export const nodePort: ServiceFeature = (port, endpoints, node, claimer) => {
  if (port.nodePort === 0) return;
  const { all, local } = sets[port.protocol];
  for (const address of node.nodePortAddresses) {
    const server = { protocol: port.protocol, address, port: port.nodePort };
    const claims = claimer.at(server, 'node port');
    // A set of ports has no SCTP, so for SCTP every address is listed with the port.
    const entry = port.protocol === 'SCTP' ? entryText(address, server.protocol, server.port) : String(port.nodePort);
    claims.entry(all, entry);
    if (port.externalTrafficPolicyLocal) claims.entry(local, entry);
    claimVirtualServer(port, server, endpoints.external, node, claims);
  }
};
