/**
 * The order of all adding; removing goes the other way, after it. Each place has a packet as its reason:
 * a sysctl before the first balanced packet (one without conntrack is not masqueraded), a set before the rule that names it,
 * entries and rules before the address (a bound VIP without its entry is rejected), the address before the virtual server.
 */
export const stages = [
  // First, so that flows go last: after the real server that a new packet would bring them back to.
  'conntrack',
  'module',
  'sysctl',
  'link',
  'set',
  'rules-IPv4',
  'rules-IPv6',
  'jumps-IPv4',
  'jumps-IPv6',
  'address',
  'ipvs',
] as const;

export type Stage = (typeof stages)[number];
