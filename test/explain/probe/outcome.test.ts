import { describe, expect, test } from 'vitest';
import type { BackendResult } from '../../../src/explain/explanation.js';
import { compare } from '../../../src/explain/probe/outcome.js';
import type { Verdict } from '../../../src/explain/trace/trace.js';

const flow = (protocol: 'TCP' | 'UDP', verdict: Verdict, ...backends: readonly Verdict[]) => ({
  protocol,
  verdict,
  backends: backends.map(
    (one, index): BackendResult => ({
      address: `10.244.1.${index}`,
      port: 80,
      place: 'here',
      source: undefined,
      verdict: one,
      clientSees: '',
      share: undefined,
    }),
  ),
});

describe('a probe agrees', () => {
  test.each([
    ['answered', ['answered'], 'answered', 'answered'],
    ['refused', ['ECONNREFUSED'], 'refused', 'Connection refused'],
    ['dropped', ['timeout'], 'unanswered', 'no answer within 3 s'],
    ['unanswered', ['timeout'], 'unanswered', 'no answer within 3 s'],
    ['unanswered', ['EHOSTUNREACH'], 'unanswered', 'No route to host'],
    ['refused', ['EHOSTUNREACH'], 'unanswered', 'No route to host'],
    ['unanswered', ['ENETUNREACH'], 'unanswered', 'Network is unreachable'],
    ['unknown', ['timeout'], 'unanswered', 'no answer within 3 s'],
  ] as const)('%s and %j', (verdict, outcomes, got, text) => {
    expect(compare(flow('TCP', verdict), outcomes, 3)).toEqual({ verdict: got, text, agrees: true });
  });

  test('if each packet had the fate of some backend', () => {
    const mixed = flow('TCP', 'unanswered', 'answered', 'unanswered');
    expect(compare(mixed, ['answered', 'timeout'], 3)).toMatchObject({ verdict: 'unanswered', agrees: true });
    expect(compare(mixed, ['answered', 'answered'], 3)).toMatchObject({ verdict: 'answered', agrees: true });
  });

  test('if UDP is silent, which proves nothing', () => {
    for (const verdict of ['answered', 'dropped'] as const)
      expect(compare(flow('UDP', verdict), ['timeout'], 3)).toEqual({
        verdict: 'unknown',
        text: 'no answer within 3 s, which proves nothing in UDP',
        agrees: true,
      });
  });
});

describe('a probe disagrees', () => {
  test.each([
    ['TCP', 'answered', ['answered', 'timeout']],
    ['TCP', 'answered', ['ECONNREFUSED']],
    ['TCP', 'refused', ['answered']],
    ['TCP', 'refused', ['timeout']],
    ['TCP', 'dropped', ['ECONNREFUSED']],
    ['TCP', 'unanswered', ['answered']],
    // A refusal of UDP comes back as an ICMP error.
    ['UDP', 'refused', ['timeout']],
    ['UDP', 'answered', ['ECONNREFUSED']],
  ] as const)('%s %s and %j', (protocol, verdict, outcomes) => {
    expect(compare(flow(protocol, verdict), outcomes, 3).agrees).toBe(false);
  });

  test('if a packet had the fate of no backend', () => {
    const mixed = flow('TCP', 'unanswered', 'answered', 'unanswered');
    expect(compare(mixed, ['answered', 'ECONNREFUSED'], 3).agrees).toBe(false);
  });
});
