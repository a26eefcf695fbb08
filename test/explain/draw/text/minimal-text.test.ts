import { describe, expect, test } from 'vitest';
import { minimalText } from '../../../../src/explain/draw/text/minimal-text.js';
import type { Flow } from '../../../../src/explain/explanation.js';
import { explanationOf, widened } from '../../support/drawings.js';
import { podFlow, rejectedOutsideFlow, sampleExplanation } from '../../support/sample-explanation.js';

describe('the form for regression tests', () => {
  test('has a line for each flow', () => {
    expect(minimalText(sampleExplanation)).toBe(`\
answered  tcp 10.254.10.128:80  pod 10.244.1.9  10.244.1.3:8080 saw 10.244.1.9, 10.244.2.2:8080 saw 10.244.1.9
answered  tcp 10.254.10.128:80  backend 10.244.1.3  10.244.1.3:8080 saw 10.244.1.1, 10.244.2.2:8080 saw 10.244.1.3
answered  tcp 10.254.10.128:80  node  10.244.1.3:8080 saw 10.244.1.1, 10.244.2.2:8080 saw 192.168.33.11
refused  tcp 10.254.10.128:80  outside 192.168.33.99  The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.
`);
  });

  test('is never wrapped', () => {
    expect(minimalText(widened(sampleExplanation)).split('\n')).toHaveLength(sampleExplanation.flows.length + 1);
  });

  test('says which backend does not answer', () => {
    const backends = podFlow.backends.map((backend, index) =>
      index === 0 ? backend : { ...backend, verdict: 'unanswered' as const },
    );
    const flow: Flow = { ...podFlow, verdict: 'unanswered', clientSees: 'no answer (timeout)', backends };
    expect(minimalText(explanationOf(flow))).toBe(
      'unanswered  tcp 10.254.10.128:80  pod 10.244.1.9  ' +
        '10.244.1.3:8080 saw 10.244.1.9, 10.244.2.2:8080 unanswered saw 10.244.1.9  no answer (timeout)\n',
    );
  });

  test('has one word for a kind of client, and the probe only if it disagrees', () => {
    const client = { kind: 'pod elsewhere', label: 'a Pod on another node', address: '10.244.2.9' } as const;
    const probe = { verdict: 'answered', text: 'answered', agrees: false } as const;
    expect(minimalText(explanationOf({ ...rejectedOutsideFlow, client, probe, cause: undefined }))).toBe(
      'refused  tcp 10.254.10.128:80  pod-elsewhere 10.244.2.9  Connection refused  probe: answered\n',
    );
    expect(minimalText(explanationOf({ ...podFlow, probe: { ...probe, agrees: true } }))).not.toContain('probe');
  });

  test('keeps a line in one line, whatever names contain', () => {
    const cause = { ...rejectedOutsideFlow.cause, summary: 'a\nanswered  tcp\u001b[1A' } as NonNullable<Flow['cause']>;
    expect(minimalText(explanationOf({ ...rejectedOutsideFlow, cause }))).toBe(
      'refused  tcp 10.254.10.128:80  outside 192.168.33.99  a\\nanswered  tcp\\u001b[1A\n',
    );
  });
});
