import { expect, test } from 'vitest';
import { addressBits, networkBits } from '../../src/net/address-bits.js';

test('Addresses are numbers', () => {
  expect(addressBits('10.0.0.1')).toBe(0x0a000001n);
  expect(addressBits('255.255.255.255')).toBe(0xffffffffn);
  expect(addressBits('fd00::1')).toBe(0xfd000000000000000000000000000001n);
  expect(() => addressBits('here')).toThrow();
});

test('Networks are numbers with a mask', () => {
  expect(networkBits('10.1.2.3/8')).toEqual({ family: 'IPv4', value: 0x0a000000n, mask: 0xff000000n });
  expect(networkBits('10.1.2.3')).toEqual({ family: 'IPv4', value: 0x0a010203n, mask: 0xffffffffn });
  expect(networkBits('10.1.2.3/255.0.0.255')).toEqual({ family: 'IPv4', value: 0x0a000003n, mask: 0xff0000ffn });
  expect(networkBits('0.0.0.0/0')).toEqual({ family: 'IPv4', value: 0n, mask: 0n });
  expect(networkBits('fd00::1/16')?.value).toBe(0xfd00n << 112n);
});

test.each(['', '10.0.0', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/ffff::', 'fd00::/129', 'x/8'])(
  'The text "%s" is no network',
  text => expect(networkBits(text)).toBeUndefined(),
);
