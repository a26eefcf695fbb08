import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonNetwork } from '../../src/net/common-network.js';
import { canonicalNetwork, isInNetwork } from '../../src/net/network.js';

test.each([
  [['10.96.0.1'], '10.96.0.1/32'],
  [['10.96.0.1', '10.96.0.1'], '10.96.0.1/32'],
  [['10.96.0.1', '10.96.3.254', '10.96.1.7'], '10.96.0.0/22'],
  [['10.96.0.1', '192.168.33.11'], '0.0.0.0/0'],
  [['fd00:96::1', 'fd00:96::ff'], 'fd00:96::/120'],
  [['fd00:96::1', '2001:db8::1'], '::/0'],
])('%j are in %s', (addresses, network) => {
  expect(commonNetwork(addresses)).toBe(network);
});

test('it holds all addresses, and no half of it does', () => {
  fc.assert(
    fc.property(fc.array(fc.ipV4(), { minLength: 2 }), addresses => {
      const network = commonNetwork(addresses);
      expect(canonicalNetwork(network)).toBe(network);
      expect(addresses.every(address => isInNetwork(address, network))).toBe(true);
      const [start = '', prefix = ''] = network.split('/');
      const half = `${start}/${Number(prefix) + 1}`;
      if (new Set(addresses).size > 1) expect(addresses.every(address => isInNetwork(address, half))).toBe(false);
    }),
  );
});
