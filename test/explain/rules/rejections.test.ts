import { expect, test } from 'vitest';
import { errorOfRejection } from '../../../src/explain/rules/rejections.js';

// What connect() failed with on Linux 6.1, for each word that iptables and ip6tables take.
test.each([
  ['tcp-reset', 'Connection refused'],
  ['icmp-port-unreachable', 'Connection refused'],
  ['icmp6-port-unreachable', 'Connection refused'],
  ['icmp-proto-unreachable', 'Protocol not available'],
  ['icmp-net-unreachable', 'Network is unreachable'],
  ['icmp-net-prohibited', 'Network is unreachable'],
  ['icmp6-no-route', 'Network is unreachable'],
  ['icmp-host-unreachable', 'No route to host'],
  ['icmp-host-prohibited', 'No route to host'],
  ['icmp-admin-prohibited', 'No route to host'],
  ['icmp6-addr-unreachable', 'No route to host'],
  ['icmp6-adm-prohibited', 'Permission denied'],
  ['icmp6-policy-fail', 'Permission denied'],
  ['icmp6-reject-route', 'Permission denied'],
  ['another-word', undefined],
])('a client that is rejected with %s sees %s', (how, text) => expect(errorOfRejection(how)).toBe(text));
