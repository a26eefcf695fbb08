import { describe, expect, test } from 'vitest';
import { summarize } from '../../../src/explain/trace/summarize.js';
import type { End, Fork, Trace } from '../../../src/explain/trace/trace.js';

const server = { address: '10.244.1.3', port: 8080, place: 'here' } as const;
const ended = (end: Omit<End, 'kind'>): Trace => ({ steps: [], end: { kind: 'end', ...end } });
const answered = (seenSource = '10.244.1.9'): Trace =>
  ended({ verdict: 'answered', clientSees: 'an answer from 10.254.10.128:80', seenSource, server });
const dropped = ended({ verdict: 'dropped', clientSees: 'no answer (timeout)' });

const forked = (by: Fork['by'], ways: readonly Trace[], share?: number): Trace => ({
  steps: [],
  end: { kind: 'fork', by, branches: ways.map((trace, index) => ({ label: String(index), share, trace })) },
});

describe('a rule that kproxy does not understand', () => {
  test('makes nothing unknown if both ways end alike', () => {
    const way = forked('unknown', [answered(), answered()]);
    const { verdict, backends } = summarize(forked('backend', [way, way], 0.5));
    expect(verdict).toBe('answered');
    expect(backends).toMatchObject([{ verdict: 'answered', share: 1 }]);
    expect(summarize(forked('unknown', [dropped, dropped])).verdict).toBe('dropped');
  });

  test('makes the verdict unknown if the ways differ', () => {
    expect(summarize(forked('unknown', [dropped, answered()])).verdict).toBe('unknown');
    expect(summarize(forked('unknown', [answered(), forked('chance', [dropped, answered()])])).verdict).toBe('unknown');
  });

  test('leaves it open which source a backend sees', () => {
    const { verdict, backends } = summarize(forked('unknown', [answered(), answered('10.244.1.1')]));
    expect([verdict, backends.map(({ source }) => source)]).toEqual(['answered', ['10.244.1.9', '10.244.1.1']]);
  });

  test('does not hide a failure that is certain', () => {
    const either = forked('unknown', [dropped, answered()]);
    expect(summarize(forked('backend', [either, dropped], 0.5)).verdict).toBe('dropped');
  });
});

test('chance counts only if it makes a difference', () => {
  const { verdict, backends } = summarize(forked('chance', [answered(), answered()]));
  expect([verdict, backends.map(({ share }) => share)]).toEqual(['answered', [1]]);
  expect(summarize(forked('chance', [dropped, answered()], 0.5)).verdict).toBe('dropped');
});
