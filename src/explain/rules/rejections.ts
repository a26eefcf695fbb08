const texts: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/tcp-reset|port-unreach/, 'Connection refused'],
  [/proto-unreach/, 'Protocol not available'],
  [/net-unreach|net-prohib|no-route/, 'Network is unreachable'],
  [/adm-prohib|policy-fail|reject-route/, 'Permission denied'],
  [/host-|admin-prohib|addr-unreach/, 'No route to host'],
];

/**
 * Returns what connect() of a TCP client fails with, by the word of iptables for a rejection, or undefined for a word
 * that kproxy does not know. ICMP and ICMPv6 differ: `admin-prohibited` is EHOSTUNREACH, and `adm-prohibited` EACCES.
 * Seen on Linux 6.1.
 */
export const errorOfRejection = (how: string): string | undefined => texts.find(([pattern]) => pattern.test(how))?.[1];
