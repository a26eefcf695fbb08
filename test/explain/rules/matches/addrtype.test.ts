import { describe, expect, test } from 'vitest';
import { askRule, fits } from '../support/ask-rule.js';
import { sampleNode } from '../support/sample-node.js';

const node = sampleNode({
  addresses: { in0: ['10.1.0.1', 'fd01::1'], out0: ['10.2.0.1'], lo: ['127.0.0.1'] },
  broadcasts: ['10.1.0.255'],
});
const type = (options: string, destination: string) =>
  fits(`-m addrtype ${options}`, { destination, family: destination.includes(':') ? 'IPv6' : 'IPv4' }, node);

describe('addrtype', () => {
  test.each([
    ['--dst-type LOCAL', '10.1.0.1', 'yes'],
    ['--dst-type LOCAL', '10.1.0.2', 'no'],
    ['! --dst-type LOCAL', '10.1.0.2', 'yes'],
    ['--dst-type LOCAL', '127.9.9.9', 'yes'],
    ['--dst-type UNICAST', '10.1.0.1', 'no'],
    ['--dst-type UNICAST', '10.1.0.2', 'yes'],
    ['--dst-type LOCAL,UNICAST', '10.1.0.1', 'yes'],
    ['--dst-type BROADCAST', '10.1.0.255', 'yes'],
    ['--dst-type BROADCAST', '255.255.255.255', 'yes'],
    ['--dst-type BROADCAST', '0.0.0.0', 'yes'],
    ['--dst-type MULTICAST', '224.0.0.1', 'yes'],
    ['--dst-type UNSPEC', '10.1.0.2', 'no'],
    ['--dst-type LOCAL --limit-iface-in', '10.1.0.1', 'yes'],
    ['--dst-type LOCAL --limit-iface-in', '10.2.0.1', 'no'],
    ['--dst-type LOCAL --odd', '10.1.0.1', 'unknown'],
  ])('%s of %s: %s', (options, destination, expected) => expect(type(options, destination)).toBe(expected));

  test.each([
    ['--dst-type LOCAL', 'fd01::1', 'yes'],
    ['--dst-type UNICAST', 'fd01::1', 'yes'],
    ['--dst-type MULTICAST', 'ff02::1', 'yes'],
    ['--dst-type UNICAST,MULTICAST', 'fd01::1', 'no'],
    ['--dst-type UNSPEC', '::', 'yes'],
    ['--dst-type ANYCAST', 'fd01::', 'unknown'],
  ])('%s of %s: %s', (options, destination, expected) => expect(type(options, destination)).toBe(expected));

  test('says what the address is', () => {
    const { answer } = askRule('-m addrtype --dst-type LOCAL', { destination: '10.1.0.1' }, node);
    expect(answer).toEqual({ is: 'yes', because: { text: '10.1.0.1 is an address of this node' } });
  });
});
