/**
 * The order in which elements are added. Removals follow all additions, in the opposite order. A packet is the reason
 * for each place: sysctls come before the first balanced packet (without conntrack it is not masqueraded), sets before
 * the rules that name them, entries and rules before addresses (a bound VIP without its entry is rejected), addresses
 * before virtual servers.
 */
export const stages = [
  // First, so that flows are removed last: a real server that is still present would get them back with the next
  // packet.
  'conntrack',
  'module',
  'sysctl',
  'link',
  'set',
  'iptables-IPv4',
  'iptables-IPv6',
  'address',
  'ipvs',
] as const;

export type Stage = (typeof stages)[number];
