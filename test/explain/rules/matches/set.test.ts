import { describe, expect, test } from 'vitest';
import type { Family } from '../../../../src/net/address.js';
import type { MatchSet, SetEntry } from '../../../../src/node/datapath/datapath.js';
import { askRule, fits } from '../support/ask-rule.js';
import { sampleNode } from '../support/sample-node.js';

/** An entry with ` nomatch` or ` wildcard` behind it has that option. */
function entryOf(text: string): SetEntry {
  const [value = '', option] = text.split(' ');
  return { value, isException: option === 'nomatch', isWildcard: option === 'wildcard' };
}

interface SampleSet {
  readonly type: string;
  readonly entries: readonly string[];
  readonly family?: Family | undefined;
  readonly options?: readonly string[];
}

const setOf = (name: string, { type, entries, family = 'IPv4', options = [] }: SampleSet): MatchSet => ({
  name,
  type,
  family: type === 'bitmap:port' || type === 'list:set' ? undefined : family,
  options,
  entries: entries.map(entryOf),
});

const nodeWith = (sets: Readonly<Record<string, SampleSet>>) =>
  sampleNode({ sets: Object.entries(sets).map(([name, set]) => setOf(name, set)) });

/** Asks about the packet from 10.1.0.2:40001 to 10.2.0.5:80. */
const inSet = (sides: string, type: string, ...entries: readonly string[]) =>
  fits(`-m set --match-set S ${sides}`, {}, nodeWith({ S: { type, entries } }));

describe('each type', () => {
  test.each([
    ['hash:ip', 'src', '10.1.0.2', 'yes'],
    ['hash:ip', 'dst', '10.1.0.2', 'no'],
    ['hash:net', 'src', '10.1.0.0/24', 'yes'],
    ['hash:net', 'src', '10.1.0.2', 'yes'],
    ['hash:net', 'dst', '10.1.0.0/24', 'no'],
    ['hash:ip,port', 'dst,dst', '10.2.0.5,tcp:80', 'yes'],
    ['hash:ip,port', 'dst,dst', '10.2.0.5,6:80', 'yes'],
    ['hash:ip,port', 'dst,dst', '10.2.0.5,udp:80', 'no'],
    ['hash:ip,port', 'dst,dst', '10.2.0.5,icmp:echo-request', 'no'],
    ['hash:ip,port', 'dst,src', '10.2.0.5,tcp:40001', 'yes'],
    ['hash:ip,port', 'src,dst', '10.2.0.5,tcp:80', 'no'],
    ['hash:ip,port,ip', 'dst,dst,src', '10.2.0.5,tcp:80,10.1.0.2', 'yes'],
    ['hash:ip,port,ip', 'dst,dst,dst', '10.2.0.5,tcp:80,10.1.0.2', 'no'],
    ['hash:ip,port,net', 'dst,dst,src', '10.2.0.5,tcp:80,10.0.0.0/8', 'yes'],
    ['hash:net,port', 'dst,dst', '10.2.0.0/24,tcp:80', 'yes'],
    ['hash:net,net', 'src,dst', '10.1.0.0/24,10.2.0.5', 'yes'],
    ['hash:net,port,net', 'src,dst,dst', '10.1.0.0/24,tcp:80,10.2.0.0/16', 'yes'],
    ['hash:net,iface', 'src,src', '10.1.0.0/24,in0', 'yes'],
    ['hash:net,iface', 'src,dst', '10.1.0.0/24,in0', 'no'],
    ['hash:net,iface', 'src,src', '10.1.0.0/24,in wildcard', 'yes'],
    ['hash:net,iface', 'src,src', '10.1.0.0/24,physdev:in0', 'no'],
    ['hash:ip,mark', 'src,src', '10.1.0.2,0x00000000', 'yes'],
    ['bitmap:port', 'dst', '80', 'yes'],
    ['bitmap:port', 'src', '80', 'no'],
    ['bitmap:ip', 'src', '10.1.0.2', 'yes'],
    ['hash:mac', 'src', '02:00:00:00:00:01', 'unknown'],
    ['hash:odd', 'src', 'x', 'unknown'],
  ])('%s by %s has the packet with %s: %s', (type, sides, entry, expected) =>
    expect(inSet(sides, type, entry)).toBe(expected),
  );
});

test('A bitmap of ports never has a packet of SCTP', () => {
  const node = nodeWith({ S: { type: 'bitmap:port', entries: ['80'] } });
  expect(fits('-m set --match-set S dst', { protocol: 'UDP' }, node)).toBe('yes');
  expect(fits('-m set --match-set S dst', { protocol: 'SCTP' }, node)).toBe('no');
});

test('A set whose dimensions the rule does not all name has no packet', () => {
  expect(inSet('dst', 'hash:ip,port', '10.2.0.5,tcp:80')).toBe('no');
  expect(inSet('dst,dst,src', 'hash:ip,port', '10.2.0.5,tcp:80')).toBe('yes');
});

describe('networks', () => {
  const entries = ['10.0.0.0/8', '10.1.0.0/24 nomatch', '10.1.0.9'];
  const node = nodeWith({ S: { type: 'hash:net', entries } });

  test('fit by the longest prefix, which may be an exception', () => {
    const from = (source: string) => fits('-m set --match-set S src', { source }, node);
    expect(['10.9.0.1', '10.1.0.2', '10.1.0.9', '11.0.0.1'].map(from)).toEqual(['yes', 'no', 'yes', 'no']);
  });

  test('fit the other way round with --return-nomatch', () => {
    const from = (source: string) => fits('-m set --match-set S src --return-nomatch', { source }, node);
    expect(['10.9.0.1', '10.1.0.2', '10.1.0.9', '11.0.0.1'].map(from)).toEqual(['no', 'yes', 'no', 'no']);
  });

  test('of IPv6 fit too', () => {
    const other = nodeWith({ S: { type: 'hash:net', family: 'IPv6', entries: ['fd00::/8', 'fd01::/64 nomatch'] } });
    const from = (source: string) => fits('-m set --match-set S src', { family: 'IPv6', source }, other);
    expect(['fd02::1', 'fd01::1'].map(from)).toEqual(['yes', 'no']);
  });

  test('with a device end the search at the longest prefix, whatever its devices are', () => {
    expect(inSet('src,src', 'hash:net,iface', '10.1.0.0/24,in0', '10.1.0.2,out0')).toBe('no');
    expect(inSet('src,src', 'hash:net,iface', '10.1.0.0/24,in0', '10.1.0.2,physdev:p0')).toBe('yes');
  });
});

test('A set of the other family has no packet', () => {
  const node = nodeWith({ S: { type: 'hash:ip', family: 'IPv6', entries: [] } });
  expect(fits('-m set --match-set S src', {}, node)).toBe('no');
  expect(fits('-m set ! --match-set S src', {}, node)).toBe('yes');
});

test('A list of sets has what any of its members has', () => {
  const node = nodeWith({
    A: { type: 'hash:ip', entries: ['10.1.0.9'] },
    B: { type: 'hash:ip,port', entries: ['10.2.0.5,tcp:80'] },
    L: { type: 'list:set', entries: ['A', 'B'] },
    M: { type: 'list:set', entries: ['A', 'gone'] },
  });
  expect(fits('-m set --match-set L dst,dst', {}, node)).toBe('yes');
  expect(fits('-m set --match-set L dst', {}, node)).toBe('no');
  expect(fits('-m set --match-set M dst', {}, node)).toBe('unknown');
});

test('A netmask and a markmask cut what is looked up', () => {
  const node = nodeWith({
    N: { type: 'hash:ip', entries: ['10.1.0.0'], options: ['netmask', '24'] },
    M: { type: 'hash:ip,mark', entries: ['10.1.0.2,0x4000'], options: ['markmask', '0x4000'] },
    B: { type: 'hash:ip', entries: ['10.1.0.0'], options: ['bitmask', '255.255.0.0'] },
  });
  expect(fits('-m set --match-set N src', {}, node)).toBe('yes');
  expect(fits('-m set --match-set M src,src', { mark: 0x4001 }, node)).toBe('yes');
  expect(fits('-m set --match-set B src', {}, node)).toBe('unknown');
});

test('A port that the client chooses may be in a set', () => {
  const ask = (sides: string, type: string, ...entries: readonly string[]) =>
    fits(`-m set --match-set S ${sides}`, { sourcePort: undefined }, nodeWith({ S: { type, entries } }));
  expect(ask('src,src', 'hash:ip,port', '10.1.0.2,tcp:40000')).toBe('maybe');
  expect(ask('src,src', 'hash:ip,port', '10.1.0.2,udp:40000', '10.1.0.2,tcp:80')).toBe('no');
  expect(ask('src', 'bitmap:port', '40000')).toBe('maybe');
  expect(ask('src', 'bitmap:port', '80')).toBe('no');
});

test('A set that could not be read, and options that kproxy does not know, are unknown', () => {
  const node = nodeWith({ S: { type: 'hash:ip', entries: ['10.1.0.2'] } });
  expect(fits('-m set --match-set gone src')).toBe('unknown');
  expect(fits('-m set --match-set S src --packets-gt 5', {}, node)).toBe('unknown');
  expect(fits('-m set --match-set S src ! --update-counters', {}, node)).toBe('yes');
});

describe('the evidence', () => {
  const because = (line: string, set: SampleSet, changes = {}) =>
    (askRule(`-m set ${line}`, changes, nodeWith({ S: set })).answer as { because?: unknown }).because;
  const set = { type: 'hash:ip,port', entries: ['10.2.0.5,tcp:80', '10.2.0.5,tcp:443', '10.2.0.6,tcp:81'] };

  test('is the entry that fits, also after !', () => {
    const found = { set: 'S', looked: '10.2.0.5,tcp:80', entry: '10.2.0.5,tcp:80' };
    expect(because('--match-set S dst,dst', set)).toEqual(found);
    expect(because('! --match-set S dst,dst', set)).toEqual(found);
  });

  test('is what was looked up, and the entry that almost fits', () => {
    expect(because('--match-set S dst,dst', set, { protocol: 'UDP' })).toEqual({
      set: 'S',
      looked: '10.2.0.5,udp:80',
      near: '10.2.0.5,tcp:80',
    });
    expect(because('--match-set S dst,dst', set, { destinationPort: 81 })).toMatchObject({ near: '10.2.0.5,tcp:80' });
    expect(because('--match-set S dst,dst', set, { destination: '10.2.0.7' })).toEqual({
      set: 'S',
      looked: '10.2.0.7,tcp:80',
    });
  });

  test('names an exception', () => {
    const networks = { type: 'hash:net', entries: ['10.1.0.0/24 nomatch'] };
    expect(because('--match-set S src', networks)).toMatchObject({ entry: '10.1.0.0/24 nomatch' });
  });
});

test('A large set is indexed once', () => {
  const entries = Array.from({ length: 50_000 }, (_, index) => `10.${index >> 8}.${index & 255}.1,tcp:80`);
  const node = nodeWith({ S: { type: 'hash:ip,port', entries } });
  fits('-m set --match-set S dst,dst', {}, node);
  const started = performance.now();
  for (let round = 0; round < 1000; round++) fits('-m set --match-set S dst,dst', {}, node);
  expect(performance.now() - started).toBeLessThan(2000);
});
