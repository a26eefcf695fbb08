import { describe, expect, test } from 'vitest';
import { parseMatchSets } from '../../../src/node/tools/ipset-save-sets.js';

/** Recorded with ipset 7.17, but for the line break in the comment, which newer releases allow. */
const saved = `create nets hash:net family inet hashsize 1024 timeout 600 counters comment bucketsize 12
add nets 10.1.0.0/16 timeout 599 nomatch packets 0 bytes 0
add nets 10.0.0.0/8 timeout 599 packets 0 bytes 0 comment "not nomatch here
add nets 9.9.9.9 of a comment"
create ports bitmap:port range 0-1000
add ports 10
create macs hash:mac hashsize 1024 maxelem 65536 bucketsize 12 initval 0xf8352514
add macs 01:02:03:04:05:06
create ni hash:net,iface family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x03bdcb06
add ni 0.0.0.0/0,physdev:eth1
create nn hash:net,port,net family inet6 hashsize 1024 maxelem 65536 bucketsize 12 initval 0x3608ad7e
add nn fd00::/16,6:80,fe00::/16
create empty hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x38f6b382
create l list:set size 8
add l nets
add l ports
`;

describe('ipset save', () => {
  test('sets of all types have their entries without options', () => {
    expect(parseMatchSets(saved)).toEqual([
      {
        name: 'nets',
        type: 'hash:net',
        family: 'IPv4',
        entries: [{ value: '10.1.0.0/16', isException: true }, { value: '10.0.0.0/8' }],
      },
      { name: 'ports', type: 'bitmap:port', family: undefined, entries: [{ value: '10' }] },
      { name: 'macs', type: 'hash:mac', family: undefined, entries: [{ value: '01:02:03:04:05:06' }] },
      { name: 'ni', type: 'hash:net,iface', family: 'IPv4', entries: [{ value: '0.0.0.0/0,physdev:eth1' }] },
      {
        name: 'nn',
        type: 'hash:net,port,net',
        family: 'IPv6',
        entries: [{ value: 'fd00::/16,tcp:80,fe00::/16' }],
      },
      { name: 'empty', type: 'hash:ip', family: 'IPv4', entries: [] },
      { name: 'l', type: 'list:set', family: undefined, entries: [{ value: 'nets' }, { value: 'ports' }] },
    ]);
  });

  test.each([
    ['an entry of an unknown set', 'add nets 10.0.0.0/8\n'],
    ['a set without a type', 'create nets\n'],
    ['an entry without a value', 'create nets hash:net family inet\nadd nets\n'],
    ['a text that is cut off', saved.slice(0, -3)],
    ['another word', 'swap a b\n'],
  ])('%s is refused', (_, text) => {
    expect(() => parseMatchSets(text)).toThrow(SyntaxError);
  });
});
