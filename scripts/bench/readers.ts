/** All that can be known of a node, by nothing but the tools. */
export const readers: readonly (readonly string[])[] = [
  ['ipset', 'save'],
  ['iptables-save'],
  ['ip6tables-save'],
  ['cat', '/proc/net/ip_vs'],
  ['ip', '-d', '-j', 'addr', 'show'],
];
