import { describe, expect, test } from 'vitest';
import { askRule, fits } from '../support/ask-rule.js';
import { sampleNode } from '../support/sample-node.js';

describe('marks', () => {
  test.each([
    ['-m mark --mark 0x4000/0x4000', { mark: 0x4001 }, 'yes'],
    ['-m mark --mark 0x4000', { mark: 0x4001 }, 'no'],
    ['-m mark ! --mark 0x4000/0x4000', { mark: 0x4001 }, 'no'],
    ['-m mark --mark 0x80000000/0x80000000', { mark: 0xffffffff }, 'yes'],
    ['-m mark --mark 0x1/0x2', { mark: 0x3 }, 'no'],
    ['-m mark --mark red', {}, 'unknown'],
    ['-m connmark --mark 0x2/0xf', { connectionMark: 0x12 }, 'yes'],
    ['-m connmark ! --mark 0x2', { state: 'UNTRACKED' }, 'no'],
  ] as const)('%s', (line, changes, expected) => expect(fits(line, changes)).toBe(expected));
});

describe('chance', () => {
  const maybe = (line: string) => askRule(line).answer;

  test('limit and hashlimit fit some packets, how many is not known', () => {
    expect(maybe('-m limit --limit 3/hour')).toEqual({
      is: 'maybe',
      why: 'it fits at most 3/hour',
      isUnknown: false,
    });
    expect(fits('-m hashlimit --hashlimit-above 10/sec --hashlimit-name x')).toBe('maybe');
    expect(fits('-m hashlimit --hashlimit-upto 10/sec --hashlimit-name x')).toBe('maybe');
  });

  test('statistic fits a share', () => {
    expect(maybe('-m statistic --mode random --probability 0.25')).toMatchObject({ is: 'maybe', share: 0.25 });
    expect(maybe('-m statistic --mode random ! --probability 0.25')).toMatchObject({ share: 0.75 });
    expect(maybe('-m statistic --mode nth --every 4 --packet 0')).toMatchObject({ share: 0.25 });
    expect(fits('-m statistic --mode nth --every 1 --packet 0')).toBe('yes');
    expect(fits('-m statistic --mode random --probability 0')).toBe('no');
    expect(fits('-m statistic --mode odd')).toBe('unknown');
  });

  test('two of them multiply', () => {
    const line = '-m statistic --mode random --probability 0.5 -m statistic --mode nth --every 5 --packet 0';
    expect(maybe(line)).toMatchObject({ is: 'maybe', share: 0.1, isUnknown: false });
    expect(maybe(`${line} -m limit --limit 1/sec`)).not.toHaveProperty('share');
    expect(fits(`${line} -m u32 --u32 0=1`)).toBe('unknown');
  });
});

test.each([
  ['-m iprange --src-range 10.1.0.1-10.1.0.5', 'yes'],
  ['-m iprange --src-range 10.1.0.3-10.1.0.5', 'no'],
  ['-m iprange ! --dst-range 10.2.0.5-10.2.0.5', 'no'],
  ['-m iprange --dst-range fd02::1-fd02::9', 'no'],
  ['-m iprange --dst-range here-there', 'unknown'],
  ['-m comment --comment "-j DROP"', 'yes'],
  ['-m icmp --icmp-type 8', 'no'],
  ['-m icmp6 --icmpv6-type 128', 'no'],
  ['-m pkttype --pkt-type unicast', 'yes'],
  ['-m pkttype ! --pkt-type unicast', 'no'],
  ['-m u32 --u32 0=1', 'unknown'],
  ['-m length --length 0:100', 'maybe'],
  ['-m length --length 0:20', 'no'],
  ['-m length ! --length 20:65535', 'no'],
  ['-m ttl --ttl-lt 5', 'no'],
  ['-m ttl --ttl-gt 60', 'maybe'],
  ['-m hl --hl-eq 255', 'maybe'],
  ['-m dscp --dscp 0x2e', 'no'],
  ['-m tos --tos 0x00/0x3f', 'yes'],
  ['-p tcp -m tcpmss --mss 536:9000', 'yes'],
  ['-p tcp -m tcpmss --mss 1400:1500', 'maybe'],
  ['-m recent --set --name A --mask 255.255.255.255 --rsource', 'yes'],
  ['-m recent --update --seconds 30 --hitcount 6 --name A --mask 255.255.255.255 --rsource', 'maybe'],
  ['-m recent --name A', 'unknown'],
  ['-m socket --transparent', 'unknown'],
  ['-m socket --nowildcard', 'unknown'],
  ['-m socket --cookie 1', 'unknown'],
  ['-m mac --mac-source 52:54:00:12:34:56', 'unknown'],
  ['-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr', 'maybe'],
  ['-m connbytes --connbytes 1 --connbytes-mode bytes --connbytes-dir both', 'maybe'],
  ['-m time --timestart 08:00:00', 'maybe'],
  ['-m nfacct --nfacct-name a', 'yes'],
  ['-m helper --helper ftp', 'no'],
  ['-m helper ! --helper ftp', 'yes'],
  ['-m esp --espspi 1', 'no'],
  ['-m socket --transparent', 'unknown'],
  ['-m u32 --u32 0=1 -p udp', 'no'],
])('%s: %s', (line, expected) => expect(fits(line)).toBe(expected));

test('pkttype knows packets to everybody', () => {
  const node = sampleNode({ broadcasts: ['10.1.0.255'] });
  expect(fits('-m pkttype --pkt-type broadcast', { destination: '10.1.0.255' }, node)).toBe('yes');
});

test('iprange compares IPv6 addresses', () => {
  const changes = { family: 'IPv6', source: 'fd01::2', destination: 'fd02::5' } as const;
  expect(fits('-m iprange --dst-range fd02::1-fd02::9', changes)).toBe('yes');
});
