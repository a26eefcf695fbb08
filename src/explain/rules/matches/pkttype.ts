import { matchKind } from '../kinds.js';
import { answer, type MatchKind } from '../match.js';

/** Packets of a connection are for one host. */
export const pkttype: MatchKind = matchKind('pkttype', { '--pkt-type': ([type]) => answer(type === 'unicast') });
