import { describe, expect, test } from 'vitest';
import { parseRule } from '../../../../src/explain/rules/parse-rule.js';
import type { Effect } from '../../../../src/explain/rules/target.js';
import { targetKinds } from '../../../../src/explain/rules/targets/index.js';
import type { Packet } from '../../../../src/explain/trace/packet.js';
import type { Hook } from '../../../../src/explain/trace/trace.js';
import { splitRule } from '../../../../src/node/tools/iptables-save.js';
import { sampleNode, samplePacket } from '../support/sample-node.js';

const node = sampleNode({
  addresses: { in0: ['10.1.0.1', 'fe80::1', 'fd01::1'], out0: ['10.2.0.1', 'fd02::1'], bare0: [] },
});
const ipv6 = { family: 'IPv6', source: 'fd01::2', destination: 'fd02::5' } as const;

function effectOf(line: string, changes: Partial<Packet> = {}, hook: Hook = 'POSTROUTING'): Effect {
  const { target } = parseRule(splitRule(`-j ${line}`));
  const kind = targetKinds.get(target?.name ?? '');
  if (target === undefined || kind === undefined) throw new Error(`no target: ${line}`);
  return kind.apply(target.options, samplePacket(changes), node, { hook, nextHop: undefined });
}

/** Returns what a target changes in the packet. */
function changed(effect: Effect): Partial<Packet> {
  if (!('packet' in effect)) throw new Error(`the effect ${effect.kind} has no packet`);
  const before = Object.entries(samplePacket());
  const after: Record<string, unknown> = { ...effect.packet };
  return Object.fromEntries(
    before
      .map(([key]) => [key, after[key]])
      .filter(([key, value]) => {
        return JSON.stringify(value) !== JSON.stringify(Object.fromEntries(before)[key as string]);
      }),
  );
}

test('the verdicts end the way', () => {
  expect(effectOf('ACCEPT').kind).toBe('accept');
  expect(effectOf('DROP')).toEqual({ kind: 'drop' });
  expect(effectOf('RETURN')).toEqual({ kind: 'return' });
  expect(effectOf('REJECT --reject-with tcp-reset')).toEqual({ kind: 'reject', how: 'tcp-reset' });
  expect(effectOf('REJECT')).toEqual({ kind: 'reject', how: 'icmp-port-unreachable' });
  expect(effectOf('REJECT', ipv6)).toEqual({ kind: 'reject', how: 'icmp6-port-unreachable' });
});

describe('MARK', () => {
  test.each([
    ['--set-xmark 0x4000/0x4000', 0x4003],
    ['--set-xmark 0x2/0x0', 0x1],
    ['--set-mark 0x5', 0x5],
    ['--set-mark 0x4/0x1', 0x6],
    ['--and-mark 0x1', 0x1],
    ['--or-mark 0x8', 0xb],
    ['--xor-mark 0x1', 0x2],
    ['--or-mark 0x80000000', 0x80000003],
  ])('%s', (options, mark) => {
    const effect = effectOf(`MARK ${options}`, { mark: 0x3 });
    expect(effect).toMatchObject({ kind: 'continue', packet: { mark }, said: `mark 0x${mark.toString(16)}` });
  });

  test('with other options is not understood', () => {
    expect(effectOf('MARK --odd 5')).toEqual({
      kind: 'unknown',
      why: 'kproxy does not know what MARK --odd 5 does',
    });
  });
});

describe('CONNMARK', () => {
  const marks = { mark: 0x12, connectionMark: 0x34 };
  test.each([
    ['--set-xmark 0x1/0xf', { mark: 0x12, connectionMark: 0x31 }],
    ['--save-mark', { mark: 0x12, connectionMark: 0x12 }],
    ['--save-mark --nfmask 0xf --ctmask 0xf', { mark: 0x12, connectionMark: 0x32 }],
    ['--restore-mark', { mark: 0x34, connectionMark: 0x34 }],
    ['--restore-mark --nfmask 0xf0 --ctmask 0xf0', { mark: 0x32, connectionMark: 0x34 }],
    ['--restore-mark --mask 0xf', { mark: 0x14, connectionMark: 0x34 }],
  ])('%s', (options, expected) =>
    expect(effectOf(`CONNMARK ${options}`, marks)).toMatchObject({ kind: 'continue', packet: expected }),
  );

  test('changes nothing without a connection', () => {
    const effect = effectOf('CONNMARK --restore-mark', { ...marks, state: 'UNTRACKED' });
    expect(effect).toMatchObject({ kind: 'continue', packet: marks });
  });

  test('that shifts marks is not understood', () => {
    expect(effectOf('CONNMARK --save-mark --left-shift-mark 4').kind).toBe('unknown');
  });
});

describe('MASQUERADE', () => {
  const leaving = { outputDevice: 'out0' };

  test("takes the device's address", () => {
    const effect = effectOf('MASQUERADE --random-fully', leaving);
    expect(effect).toMatchObject({ kind: 'translate', what: 'source', said: 'source becomes 10.2.0.1' });
    expect(changed(effect)).toEqual({ source: '10.2.0.1', isSourceTranslated: true, outputDevice: 'out0' });
    expect(effectOf('MASQUERADE', { ...leaving, ...ipv6 })).toMatchObject({ packet: { source: 'fd02::1' } });
  });

  test('may choose a port', () => {
    const ports = (options: string) => changed(effectOf(`MASQUERADE ${options}`, leaving)).sourcePort;
    expect(ports('--to-ports 1000')).toBe(1000);
    expect(changed(effectOf('MASQUERADE --to-ports 1000-2000', leaving))).toHaveProperty('sourcePort', undefined);
    expect(ports('--to-ports 40000-50000')).toBeUndefined();
  });

  test('takes the address of another device if the device has none', () => {
    expect(changed(effectOf('MASQUERADE', { outputDevice: 'bare0' })).source).toBe('10.1.0.1');
  });

  test('changes nothing of a packet that has the address', () => {
    const effect = effectOf('MASQUERADE', { ...leaving, source: '10.2.0.1' });
    expect(effect).toMatchObject({ kind: 'translate', packet: { isSourceTranslated: false } });
  });

  test('without a device, and with other options, is not understood', () => {
    expect(effectOf('MASQUERADE').kind).toBe('unknown');
    expect(effectOf('MASQUERADE --odd', leaving).kind).toBe('unknown');
  });
});

describe('SNAT and DNAT', () => {
  test.each([
    ['SNAT --to-source 10.2.0.9', {}, { source: '10.2.0.9', isSourceTranslated: true }],
    ['SNAT --to-source 10.2.0.9:99', {}, { source: '10.2.0.9', sourcePort: 99, isSourceTranslated: true }],
    ['SNAT --to-source :99', {}, { sourcePort: 99, isSourceTranslated: true }],
    ['SNAT --to-source 10.2.0.9-10.2.0.9 --persistent', {}, { source: '10.2.0.9', isSourceTranslated: true }],
    ['DNAT --to-destination 10.2.0.6', {}, { destination: '10.2.0.6', isDestinationTranslated: true }],
    [
      'DNAT --to-destination 10.2.0.6:8080',
      {},
      { destination: '10.2.0.6', destinationPort: 8080, isDestinationTranslated: true },
    ],
    ['DNAT --to-destination 10.2.0.6:70-90', {}, { destination: '10.2.0.6', isDestinationTranslated: true }],
    [
      'DNAT --to-destination [fd02::6]:8080',
      ipv6,
      { ...ipv6, destination: 'fd02::6', destinationPort: 8080, isDestinationTranslated: true },
    ],
    ['DNAT --to-destination fd02::6', ipv6, { ...ipv6, destination: 'fd02::6', isDestinationTranslated: true }],
  ])('%s', (line, changes, expected) => {
    const { original, ...rest } = changed(effectOf(line, changes));
    expect(rest).toEqual(expected);
    // The connection's first packet stays what it was.
    expect(original?.destination).not.toBe('fd02::6');
  });

  test('say what the end becomes', () => {
    expect(effectOf('DNAT --to-destination [fd02::6]:8080', ipv6)).toMatchObject({
      said: 'destination becomes [fd02::6]:8080',
    });
  });

  test.each([
    'SNAT --to-source 10.2.0.1-10.2.0.9',
    'DNAT --to-destination 10.2.0.6:8080-8090',
    'DNAT --to-destination 10.2.0.6:8080-8090/80',
    'DNAT --to-destination somewhere',
    'DNAT --odd',
    'SNAT --to-source 10.2.0.1 --to-source 10.2.0.2',
  ])('%s: where the packet goes is not known', line => expect(effectOf(line).kind).toBe('unknown'));
});

describe('REDIRECT', () => {
  test("goes to the first address of the packet's device, or to lo", () => {
    const to = (line: string, changes: Partial<Packet>, hook: Hook) =>
      changed(effectOf(line, changes, hook)).destination;
    expect(to('REDIRECT', {}, 'PREROUTING')).toBe('10.1.0.1');
    expect(to('REDIRECT', ipv6, 'PREROUTING')).toBe('fd01::1');
    expect(to('REDIRECT', {}, 'OUTPUT')).toBe('127.0.0.1');
    expect(to('REDIRECT', ipv6, 'OUTPUT')).toBe('::1');
    expect(changed(effectOf('REDIRECT --to-ports 8080', {}, 'PREROUTING')).destinationPort).toBe(8080);
  });

  test('drops the packet if the device has no address', () => {
    expect(effectOf('REDIRECT', { inputDevice: 'bare0' }, 'PREROUTING')).toEqual({ kind: 'drop' });
  });
});

test('NOTRACK and CT keep conntrack away', () => {
  expect(effectOf('NOTRACK')).toMatchObject({ kind: 'untracked', packet: { state: 'UNTRACKED' } });
  expect(effectOf('CT --notrack')).toMatchObject({ kind: 'untracked', packet: { state: 'UNTRACKED' } });
  expect(effectOf('CT --helper ftp')).toMatchObject({ kind: 'continue', packet: { state: 'NEW' } });
  expect(effectOf('CT --zone 5').kind).toBe('unknown');
});

test.each([
  'LOG --log-prefix "-j DROP "',
  'NFLOG --nflog-group 1',
  'TRACE',
  'TCPMSS --clamp-mss-to-pmtu',
  'CHECKSUM --checksum-fill',
])('%s lets the packet go on as it is', line => expect(changed(effectOf(line))).toEqual({}));

test('SET says what it adds and removes', () => {
  expect(effectOf('SET --add-set A src --exist')).toMatchObject({ kind: 'continue', said: 'adds an entry to A' });
  expect(effectOf('SET --del-set A src')).toMatchObject({ kind: 'continue', said: 'removes an entry from A' });
  expect(effectOf('SET --map-set A src').kind).toBe('unknown');
});
