import { describe, expect, test } from 'vitest';
import type { NodeAccess } from '../../src/node/access.js';
import { readReliedAddresses } from '../../src/node/read-relied-addresses.js';

/** As Linux 6.1 prints it: a default route, one without a gateway, and one to a network through a gateway. */
const route = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010A0A0A	0003	0	0	100	00000000	0	0	0
ppp0	00000000	00000000	0001	0	0	200	00000000	0	0	0
eth0	00020AF4	0C0A0A0A	0003	0	0	0	00FFFFFF	0	0	0
`;
const none = '00000000000000000000000000000000';
/** A route to one address, the default route, and the one that refuses everything else. */
const route6 = [
  `fd00001000100000000000000000000c 80 ${none} 00 ${none} 00000100 00000001 00000000 00000001     eth0`,
  `${none} 00 ${none} 00 fd001000100000000000000000000001 00000400 00000001 00000000 00000003     eth0`,
  `${none} 00 ${none} 00 ${none} ffffffff 00000001 00000000 00200200       lo`,
  '',
].join('\n');
const resolvConf = `# nameserver 192.0.2.1
search example.com
nameserver 10.10.0.53
nameserver\tfd00:10:10::53%eth0
nameserver not-an-address
options ndots:5
`;

const nodeWith = (files: Readonly<Record<string, string>>): NodeAccess => ({
  canUnshare: true,
  chosenBackend: undefined,
  run: () => Promise.reject(new Error('no tool is needed')),
  readFile: async path => files[path],
  isReadOnly: async () => false,
});

describe('the addresses that a node relies on', () => {
  test('are the gateways of its default routes and its resolvers', async () => {
    const files = { '/proc/net/route': route, '/proc/net/ipv6_route': route6, '/etc/resolv.conf': resolvConf };
    expect(await readReliedAddresses(nodeWith(files))).toEqual([
      { address: '10.10.10.1', as: 'gateway' },
      { address: 'fd00:1000:1000::1', as: 'gateway' },
      { address: '10.10.0.53', as: 'resolver' },
      { address: 'fd00:10:10::53', as: 'resolver' },
    ]);
  });

  test('are none on a machine without those files', async () => {
    expect(await readReliedAddresses(nodeWith({}))).toEqual([]);
  });
});
