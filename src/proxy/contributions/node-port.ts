import type { Protocol } from '../../cluster/network-schema.js';
import type { SetName } from '../../node/names.js';
import { type Contribution, entryText } from '../claim.js';
import { virtualServerClaims } from '../virtual-server.js';

const sets: Readonly<Record<Protocol, { readonly all: SetName; readonly local: SetName }>> = {
  TCP: { all: 'KUBE-NODE-PORT-TCP', local: 'KUBE-NODE-PORT-LOCAL-TCP' },
  UDP: { all: 'KUBE-NODE-PORT-UDP', local: 'KUBE-NODE-PORT-LOCAL-UDP' },
  SCTP: { all: 'KUBE-NODE-PORT-SCTP-HASH', local: 'KUBE-NODE-PORT-LOCAL-SCTP-HASH' },
};

/** The same port on the node's own addresses, which are never bound to the IPVS device. */
export const nodePort: Contribution = (port, context) => {
  if (port.nodePort === 0) return [];
  const { all, local } = sets[port.protocol];
  const names = port.externalTrafficPolicyLocal ? [all, local] : [all];
  return context.nodePortAddresses.flatMap(address => {
    const at = { protocol: port.protocol, address, port: port.nodePort };
    const ask = context.ask.at(at);
    // A set of ports has no protocol SCTP, so SCTP lists every address with the port.
    const entry = port.protocol === 'SCTP' ? entryText(address, at.protocol, at.port) : String(port.nodePort);
    return [
      ...names.map(set => ask.entry(set, entry)),
      ...virtualServerClaims(port, at, context.endpoints.external, context, ask),
    ];
  });
};
