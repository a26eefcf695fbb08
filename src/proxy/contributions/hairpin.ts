import { type Contribution, entryClaim, entryText } from '../claim.js';

/** Endpoints on this node that may be balanced to themselves. */
export const hairpin: Contribution = (port, { endpoints }) =>
  endpoints.onThisNode.map(({ address, port: endpointPort }) =>
    entryClaim('KUBE-LOOP-BACK', port.family, `${entryText(address, port.protocol, endpointPort)},${address}`),
  );
