import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { ConnectionLimit } from '../../src/health/connection-limit.js';

/** A socket as far as the limit needs one. Its `close` event comes later, as with a real one. */
class FakeSocket extends EventEmitter {
  isDestroyed = false;
  constructor(readonly remoteAddress: string) {
    super();
  }
  destroy(): void {
    this.isDestroyed = true;
    setImmediate(() => this.emit('close'));
  }
}

/** Returns which of the connections are closed once all of them were opened, in turn. */
function closedOf(addresses: readonly string[], limits = { all: 6, perClient: 4 }): readonly number[] {
  const limit = new ConnectionLimit(limits);
  const sockets = addresses.map(address => new FakeSocket(address));
  for (const socket of sockets) limit.add(socket as unknown as Socket);
  return sockets.flatMap(({ isDestroyed }, index) => (isDestroyed ? [index] : []));
}

describe('the limit of connections', () => {
  test('closes nothing as long as there is room', () => {
    expect(closedOf(['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.3'])).toEqual([]);
  });

  test('closes the oldest connections of a client that has too many, and none of another', () => {
    expect(closedOf(['10.0.0.2', ...Array(7).fill('10.0.0.1')])).toEqual([1, 2, 3]);
  });

  test('closes the oldest connection of the client with the most when there is no room', () => {
    expect(closedOf(['10.0.0.2', '10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.3', '10.0.0.3', '10.0.0.4'])).toEqual([1]);
  });

  test.each([
    ['the IPv6 addresses of one network of 64 bits', ['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:1:a:b:c:d']],
    ['the short and the long form', ['fd00::1', 'fd00::2', 'fd00:0:0:0:1::']],
    ['an IPv4 address and its IPv6 form', ['10.0.0.1', '::ffff:10.0.0.1', '::ffff:10.0.0.1']],
  ])('counts as one client: %s', (_, addresses) => {
    expect(closedOf(addresses, { all: 6, perClient: 2 })).toEqual([0]);
  });

  test.each([
    ['two networks', ['2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:0:3::1']],
    ['three IPv4 addresses', ['::ffff:10.0.0.1', '::ffff:10.0.0.2', '10.0.0.3']],
  ])('counts apart: %s', (_, addresses) => {
    expect(closedOf(addresses, { all: 6, perClient: 1 })).toEqual([]);
  });

  test('has room again when connections are closed', () => {
    const limit = new ConnectionLimit({ all: 1, perClient: 1 });
    const [first, second] = [new FakeSocket('10.0.0.1'), new FakeSocket('10.0.0.2')] as const;
    limit.add(first as unknown as Socket);
    first.emit('close');
    limit.add(second as unknown as Socket);
    expect([first.isDestroyed, second.isDestroyed]).toEqual([false, false]);
  });
});
