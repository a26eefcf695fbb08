import { type MatchKind, no } from '../match.js';

/** A Service's packets are TCP, UDP or SCTP. */
export const icmp: MatchKind = { name: 'icmp', test: () => no };

export const icmp6: MatchKind = { name: 'icmp6', test: () => no };
