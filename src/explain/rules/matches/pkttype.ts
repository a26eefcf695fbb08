import { matchKind } from '../kinds.js';
import { answer, type MatchKind } from '../match.js';
import { addressType } from './addrtype.js';

/** Whether the packet's frame was for one host, for some or for all: the kind of its destination. */
export const pkttype: MatchKind = matchKind('pkttype', {
  '--pkt-type': ([wanted = ''], { destination }, node) => {
    const type = addressType(destination, node, undefined);
    return answer(wanted.toUpperCase() === (type === 'LOCAL' ? 'UNICAST' : type));
  },
});
