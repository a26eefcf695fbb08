import { type Contribution, entryText } from '../claim.js';

/** Endpoints on this node that may be balanced to themselves. */
export const hairpin: Contribution = (port, { endpoints, ask }) =>
  endpoints.onThisNode.map(({ address, port: endpointPort }) =>
    ask.entry('KUBE-LOOP-BACK', `${entryText(address, port.protocol, endpointPort)},${address}`),
  );
