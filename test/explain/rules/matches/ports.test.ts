import { describe, expect, test } from 'vitest';
import { fits } from '../support/ask-rule.js';

describe('tcp', () => {
  test.each([
    ['-p tcp -m tcp', 'yes'],
    ['-p tcp -m tcp --dport 80', 'yes'],
    ['-p tcp -m tcp --dport 80:90', 'yes'],
    ['-p tcp -m tcp --dport 81:90', 'no'],
    ['-p tcp -m tcp ! --dport 81', 'yes'],
    ['-p tcp -m tcp --sport 40001 --dport 80', 'yes'],
    ['-p tcp -m tcp --dport http', 'unknown'],
    ['-p tcp -m tcp --tcp-option 8', 'yes'],
    ['-p tcp -m tcp --tcp-option 30', 'maybe'],
    ['-p tcp -m tcp --tcp-option 128', 'no'],
    // What fails decides before what is not understood.
    ['-p tcp -m tcp --tcp-option 8 --dport 81', 'no'],
  ])('%s: %s', (line, expected) => expect(fits(line)).toBe(expected));

  test('knows the flags of first packets, answers and later packets', () => {
    const syn = '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN';
    const both = '-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK';
    const later = { state: 'ESTABLISHED' } as const;
    const answer = { state: 'ESTABLISHED', isReply: true } as const;
    expect([fits(syn), fits(syn, later), fits(syn, answer)]).toEqual(['yes', 'no', 'no']);
    expect([fits(both), fits(both, later), fits(both, answer)]).toEqual(['no', 'no', 'yes']);
    expect(fits('-p tcp -m tcp --syn')).toBe('yes');
    expect(fits('-p tcp -m tcp --tcp-flags SYN NONE', later)).toBe('yes');
  });
});

test('udp and sctp know their own protocol only', () => {
  expect(fits('-m udp --dport 80', { protocol: 'UDP' })).toBe('yes');
  expect(fits('-m udp --dport 80')).toBe('no');
  expect(fits('-m sctp --sport 40001', { protocol: 'SCTP' })).toBe('yes');
  expect(fits('-m sctp --chunk-types any INIT', { protocol: 'SCTP' })).toBe('unknown');
  expect(fits('-m sctp --sport 40001')).toBe('no');
});

test.each([
  ['--dports 53,80', 'yes'],
  ['--dports 53,81:90', 'no'],
  ['! --dports 53,80', 'no'],
  ['--sports 40000:40002', 'yes'],
  ['--ports 80', 'yes'],
  ['--ports 40001', 'yes'],
  ['! --ports 1,2', 'yes'],
])('multiport %s: %s', (options, expected) => expect(fits(`-p tcp -m multiport ${options}`)).toBe(expected));

describe('a port that the client chooses', () => {
  const chosen = { sourcePort: undefined };
  test.each([
    ['-m tcp --sport 53', 'no'],
    ['-m tcp ! --sport 53', 'yes'],
    ['-m tcp --sport 40000:50000', 'maybe'],
    ['-m tcp ! --sport 40000', 'maybe'],
    ['-m tcp --sport 1024:65535', 'yes'],
    ['-m multiport --ports 40000,80', 'yes'],
    ['-m multiport --ports 40000,81', 'maybe'],
  ])('%s: %s', (options, expected) => expect(fits(`-p tcp ${options}`, chosen)).toBe(expected));
});
