import { describe, expect, test } from 'vitest';
import type { Timeouts } from '../../src/node/element.js';
import { timeoutsKind } from '../../src/node/kinds/ipvs-timeouts.js';
import { sysctlKind } from '../../src/node/kinds/sysctl.js';
import { processorCount, readTimeouts } from '../../src/node/read-limits.js';
import { parseTimeouts } from '../../src/node/tools/ipvsadm-timeouts.js';
import { fakeNode } from '../support/fake-node/index.js';

describe('the number of processors', () => {
  test.each([
    ['0\n', 1],
    ['0-3\n', 4],
    ['0-3,8,10-11\n', 7],
    ['', undefined],
    ['0-\n', undefined],
    ['many\n', undefined],
  ])('of %j is %s', (text, count) => expect(processorCount(text)).toBe(count));
});

describe('the timeouts of IPVS', () => {
  const timeouts = (tcp: number, tcpFin: number, udp: number): Timeouts => ({
    kind: 'ipvs-timeouts',
    tcp,
    tcpFin,
    udp,
  });

  test('are read from the line that ipvsadm prints', () =>
    expect(parseTimeouts('Timeout (tcp tcpfin udp): 900 120 300\n')).toEqual(timeouts(900, 120, 300)));

  test.each(['', 'Timeout (tcp tcpfin udp): 900 120', 'Timeout (tcp tcpfin udp): 900 120 30'])(
    'are not guessed from %j',
    text => expect(() => parseTimeouts(text)).toThrow(SyntaxError),
  );

  test('are not read of a kernel without ip_vs, which ipvsadm would load', async () => {
    const node = fakeNode();
    expect(await readTimeouts(node, false)).toEqual([]);
    expect(node.commands).toEqual([]);
  });

  test('are right if each that is not zero is', () => {
    expect(timeoutsKind.same(timeouts(900, 120, 300), timeouts(0, 120, 0))).toBe(true);
    expect(timeoutsKind.same(timeouts(900, 120, 300), timeouts(900, 121, 0))).toBe(false);
    expect(timeoutsKind.differences?.(timeouts(900, 120, 300), timeouts(7200, 0, 60))).toEqual([
      'TCP is 900 s, should be 7200 s',
      'UDP is 300 s, should be 60 s',
    ]);
    expect(timeoutsKind.describe(timeouts(7200, 60, 0))).toBe('IPVS timeouts TCP 7200 s, TCP after a FIN 60 s');
  });
});

describe('a kernel parameter that is only raised', () => {
  const limit = { kind: 'sysctl', name: 'net/netfilter/nf_conntrack_max', value: '131072', atLeast: true } as const;
  const present = (value: string) => ({ kind: 'sysctl', name: limit.name, value }) as const;

  test.each([
    ['131071', false],
    ['131072', true],
    ['262144', true],
    ['9', false],
    ['', false],
  ])('is right at %j: %s', (value, isRight) => expect(sysctlKind.same(present(value), limit)).toBe(isRight));

  test('differs from a smaller value, and says by how much', () =>
    expect(sysctlKind.differences?.(present('8192'), limit)).toEqual(['value is 8192, should be at least 131072']));
});
