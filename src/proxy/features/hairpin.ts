import { entryText, type ServiceFeature } from '../claim.js';

/** Endpoints on this node that may be balanced to themselves. */
export const hairpin: ServiceFeature = (port, { onThisNode }, _node, claimer) => {
  for (const { address, port: endpointPort } of onThisNode)
    claimer.entry('KUBE-LOOP-BACK', [entryText(address, port.protocol, endpointPort), address].join(','));
};
