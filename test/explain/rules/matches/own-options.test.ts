import { describe, expect, test } from 'vitest';
import { askRule, fits } from '../support/ask-rule.js';

const ipv6 = { family: 'IPv6', source: 'fd01::2', destination: 'fd02::5' } as const;

describe('addresses', () => {
  test.each([
    ['-s 10.1.0.0/24', 'yes'],
    ['-s 10.1.0.2/32', 'yes'],
    ['-s 10.1.1.0/24', 'no'],
    ['! -s 10.1.0.0/24', 'no'],
    ['-d 10.2.0.5/32', 'yes'],
    ['! -d 10.2.0.4/32', 'yes'],
    ['-s 10.0.0.2/255.0.0.255', 'yes'],
    ['-s 0.0.0.0/0', 'yes'],
    ['-s fd01::/64', 'no'],
    ['-s somewhere', 'unknown'],
  ])('%s: %s', (line, expected) => expect(fits(line)).toBe(expected));

  test.each([
    ['-s fd01::/64', 'yes'],
    ['! -d fd02::/64', 'no'],
    ['-d fd00::5/ff00::ffff', 'yes'],
    ['-s 10.0.0.0/8', 'no'],
  ])('%s of IPv6: %s', (line, expected) => expect(fits(line, ipv6)).toBe(expected));
});

describe('devices', () => {
  test.each([
    ['-i in0', 'yes'],
    ['-i in', 'no'],
    ['-i in+', 'yes'],
    ['-i +', 'yes'],
    ['! -i in+', 'no'],
    // A packet that has no device has the name ''.
    ['-o in0', 'no'],
    ['! -o in0', 'yes'],
    ['-o +', 'yes'],
  ])('%s: %s', (line, expected) => expect(fits(line)).toBe(expected));
});

describe('protocols and fragments', () => {
  test.each([
    ['-p tcp', 'yes'],
    ['-p 6', 'yes'],
    ['-p all', 'yes'],
    ['-p 0', 'yes'],
    ['! -p tcp', 'no'],
    ['-p udp', 'no'],
    ['-p icmp', 'no'],
    ['-f', 'no'],
    ['! -f', 'yes'],
  ])('%s: %s', (line, expected) => expect(fits(line)).toBe(expected));
});

test('The words that did not fit are named', () => {
  expect(askRule('-s 10.1.0.0/24 ! -p tcp -j DROP').failed).toBe('! -p tcp');
  expect(askRule('-p tcp -m tcp --dport 81').failed).toBe('--dport 81');
});
