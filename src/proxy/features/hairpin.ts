import { type Contribution, entryText } from '../claim.js';

/** Endpoints on this node that may be balanced to themselves. */
export const hairpin: Contribution = (port, { onThisNode }, _node, ask) => {
  // Joined for the reason that inOnePiece gives.
  for (const { address, port: endpointPort } of onThisNode)
    ask.entry('KUBE-LOOP-BACK', [entryText(address, port.protocol, endpointPort), address].join(','));
};
