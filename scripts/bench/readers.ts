/** The commands that read all of a node. */
export const readers: readonly (readonly string[])[] = [
  ['ipset', 'save'],
  ['iptables-save'],
  ['ip6tables-save'],
  ['cat', '/proc/net/ip_vs'],
  ['ip', '-d', '-j', 'addr', 'show'],
];
