import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalNetwork, isInNetwork } from '../../src/net/network.js';
import { NetworkMap } from '../../src/net/network-map.js';

const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6().filter(text => !text.includes('.'));
/** Few prefix lengths and addresses near each other, so that many networks have some of the addresses. */
const near = fc.nat(255).map(last => `10.0.${last & 3}.${last}`);
const addresses = fc.array(fc.oneof(ipv4, ipv6, near), { minLength: 1, maxLength: 20 });
const lengths = fc.constantFrom(0, 8, 22, 24, 31, 32);

test('finds the networks that have an address', () => {
  fc.assert(
    fc.property(addresses, fc.array(lengths, { minLength: 20, maxLength: 20 }), (found, prefixes) => {
      const networks = found.map((address, index) => canonicalNetwork(`${address}/${prefixes[index]}`) ?? '');
      const map = new NetworkMap(networks, network => network);
      for (const address of found)
        expect([...map.find(address)].sort()).toEqual(networks.filter(network => isInNetwork(address, network)).sort());
    }),
    { seed: 20261130 },
  );
});

test('has no place for what is no network', () => {
  expect(new NetworkMap(['none', '10.0.0.0/33'], network => network).find('10.0.0.1')).toEqual([]);
});
