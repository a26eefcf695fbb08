import type { MatchKind } from '../match.js';
import { addrtype } from './addrtype.js';
import { comment } from './comment.js';
import { conntrack, state } from './conntrack.js';
import { history } from './history.js';
import { icmp, icmp6 } from './icmp.js';
import { iprange } from './iprange.js';
import { ipvs } from './ipvs.js';
import { hashlimit, limit } from './limit.js';
import { mac } from './mac.js';
import { connmark, mark } from './mark.js';
import { multiport } from './multiport.js';
import { ownOptions } from './own-options.js';
import { owner } from './owner.js';
import { physdev } from './physdev.js';
import { pkttype } from './pkttype.js';
import { recent } from './recent.js';
import { rpfilter } from './rpfilter.js';
import { sctp } from './sctp.js';
import { set } from './set.js';
import { socket } from './socket.js';
import { statistic } from './statistic.js';
import { tcp } from './tcp.js';
import { udp } from './udp.js';
import { usualHeaders } from './usual-header.js';

const kinds: readonly MatchKind[] = [
  ownOptions,
  tcp,
  udp,
  sctp,
  multiport,
  mark,
  connmark,
  set,
  addrtype,
  conntrack,
  state,
  physdev,
  ipvs,
  comment,
  limit,
  hashlimit,
  statistic,
  icmp,
  icmp6,
  iprange,
  pkttype,
  rpfilter,
  owner,
  mac,
  recent,
  socket,
  ...usualHeaders,
  ...history,
];

/** Every match that kproxy understands, by the name of its module. The options of the rule itself have the name ''. */
export const matchKinds: ReadonlyMap<string, MatchKind> = new Map(kinds.map(kind => [kind.name, kind]));
