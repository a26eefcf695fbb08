import fc from 'fast-check';
import { Address4 } from 'ip-address';
import { expect, test } from 'vitest';
import { canonicalNetwork, isInNetwork } from '../../src/net/network.js';

const cases = fc.record({ address: fc.ipV4(), other: fc.ipV4(), prefix: fc.integer({ min: 0, max: 32 }) });

test('IPv4 networks are those of the library that reads addresses', () => {
  fc.assert(
    fc.property(cases, ({ address, other, prefix }) => {
      const network = new Address4(`${other}/${prefix}`);
      expect(canonicalNetwork(`${other}/${prefix}`)).toBe(`${network.startAddress().correctForm()}/${prefix}`);
      expect(isInNetwork(address, `${other}/${prefix}`)).toBe(new Address4(address).isInSubnet(network));
      expect(isInNetwork(network.endAddress().correctForm(), `${other}/${prefix}`)).toBe(true);
    }),
    { seed: 20261130 },
  );
});

test('families never match each other', () => {
  expect(isInNetwork('10.0.0.1', '::/0')).toBe(false);
  expect(isInNetwork('::1', '0.0.0.0/0')).toBe(false);
  expect(isInNetwork('fd00::1', 'fd00::/64')).toBe(true);
});
