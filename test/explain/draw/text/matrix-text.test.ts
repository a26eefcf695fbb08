import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { matrixText } from '../../../../src/explain/draw/text/matrix-text.js';
import type { BackendResult, Flow } from '../../../../src/explain/explanation.js';
import { expectCalm, explanationOf, inColor, plain, widened } from '../../support/drawings.js';
import {
  clients,
  missingEntry,
  outsideFlow,
  podFlow,
  rejectedFlow,
  rejectedOutsideFlow,
  rejectingRule,
  sampleExplanation,
} from '../../support/sample-explanation.js';

const sampleText = `web-service on node inajob, as it is

10.254.10.128:80/tcp, cluster IP of default/web-service:http
CLIENT                SOURCE         VERDICT      BACKEND          SEES SOURCE
Pod on this node      10.244.1.9     answered     10.244.1.3:8080  10.244.1.9
                                     answered     10.244.2.2:8080  10.244.1.9
backend itself        10.244.1.3     answered     10.244.1.3:8080  10.244.1.1
                                     answered     10.244.2.2:8080  10.244.1.3
process of this node  10.254.10.128  answered     10.244.1.3:8080  10.244.1.1
                                     answered     10.244.2.2:8080  192.168.33.11
machine outside       192.168.33.99  refused [1]  -                -

[1] The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.
    Without it a packet to the cluster IP would keep a source that the backend
    cannot answer to, and be rejected on the VIP.
    stopped by: rule 2 of KUBE-IPVS-FILTER (IPv4, table filter)
    near miss: KUBE-CLUSTER-IP has 10.254.10.128,udp:80, and the packet is for
      tcp:80.
    fix:
      ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80

3 of 4 clients are answered.
Every step of one client:
  kproxy explain web-service --source outside
`;

const backend = (address: string, more: Partial<BackendResult> = {}): BackendResult => ({
  address,
  port: 8080,
  place: 'elsewhere',
  source: '10.244.1.9',
  verdict: 'answered',
  clientSees: 'an answer',
  share: undefined,
  ...more,
});

const atPort = (flow: Flow, port: number, protocol: Flow['protocol'] = 'TCP'): Flow => ({
  ...flow,
  protocol,
  target: { ...flow.target, port },
});

/** The lines of the table of the only block. */
const tableOf = (...flows: readonly Flow[]): readonly string[] =>
  (matrixText(explanationOf(...flows), plain).split('\n\n')[1] ?? '').split('\n').slice(1);

describe('the matrix', () => {
  test('has a row for each kind of client, and the causes below it', () => {
    expect(matrixText(sampleExplanation, plain)).toBe(sampleText);
  });

  test('numbers a cause once, also if what it is blamed on has another address', () => {
    const cause = { summary: 'One.', why: undefined, commands: [], nearMisses: [] } as const;
    const blamed = (flow: Flow, source: string): Flow => ({
      ...flow,
      cause: { ...cause, blame: { part: 'source', source, why: 'Why.' } },
    });
    const flows = [blamed(podFlow, '10.244.1.9'), blamed(rejectedOutsideFlow, '192.168.33.99')];
    expect(matrixText(explanationOf(...flows), plain)).not.toContain('[2]');
  });

  test('numbers everything that fails', () => {
    const backends = [
      backend('10.244.1.3', { verdict: 'dropped', source: undefined }),
      backend('10.244.2.2', { verdict: 'unanswered' }),
      backend('10.244.2.3'),
    ];
    const lines = tableOf({ ...rejectedOutsideFlow, verdict: 'dropped', backends });
    expect(lines.join('\n')).toMatch(/dropped \[1\].*\n.*unanswered \[1\].*\n.*answered +10\.244\.2\.3/);
  });

  test('of several addresses, suggests the one that fails, with its protocol if another one has it too', () => {
    const hintOf = (...flows: readonly Flow[]) =>
      matrixText(explanationOf(...flows), plain)
        .split('\n')
        .at(-2);
    expect(hintOf(podFlow, atPort(rejectedOutsideFlow, 81))).toContain('explain 10.254.10.128:81 --source outside');
    expect(hintOf(podFlow, atPort(rejectedOutsideFlow, podFlow.target.port, 'UDP'))).toContain(
      'explain 10.254.10.128:80 --protocol udp --source outside',
    );
  });

  test('says the same with colors as without', () => {
    const colored = matrixText(sampleExplanation, inColor);
    expect(colored).toContain('\u001b[31mrefused [1]\u001b[39m');
    expect(stripVTControlCharacters(colored)).toBe(sampleText);
  });

  test('is no wider than 80 columns, even with IPv6 and the longest names', () => {
    const text = matrixText(widened(sampleExplanation), plain);
    expectCalm(text);
    expect(text).toContain(`
Pod on this node, fd00:1111:2222:3333:4444:5555:6666:7004
  answered       [fd00:1111:2222:3333:4444:5555:6666:7002]:8080 sees
    fd00:1111:2222:3333:4444:5555:6666:7004
`);
  });

  test('has a block for each address, port and protocol', () => {
    const text = matrixText(explanationOf(podFlow, atPort(podFlow, 443), atPort(podFlow, 80, 'UDP')), plain);
    expect(text.match(/^\S+\/(tcp|udp), cluster IP of .*$/gm)).toEqual([
      '10.254.10.128:80/tcp, cluster IP of default/web-service:http',
      '10.254.10.128:443/tcp, cluster IP of default/web-service:http',
      '10.254.10.128:80/udp, cluster IP of default/web-service:http',
    ]);
    expect(text).toContain('3 of 3 flows are answered.\n');
  });

  test('shows a cause once, also if clients of several blocks have it', () => {
    const flows = [rejectedOutsideFlow, rejectedFlow(clients.node), atPort(rejectedOutsideFlow, 443)];
    const text = matrixText(explanationOf(...flows), plain);
    expect(text.match(/is missing in/g)).toHaveLength(1);
    expect(text.match(/refused \[1\]/g)).toHaveLength(3);
  });

  test('numbers different causes', () => {
    const other = { ...rejectedFlow(clients.node), cause: { ...missingEntry, summary: 'Something else is wrong.' } };
    const text = matrixText(explanationOf(rejectedOutsideFlow, other), plain);
    expect(text).toMatch(/^machine outside .* refused \[1\]/m);
    expect(text).toMatch(/^process of this node .* refused \[2\]/m);
    expect(text).toMatch(/^\[2\] Something else is wrong\.$/m);
  });

  test('shows a backend that does not answer first, and the others', () => {
    const backends = [backend('10.244.1.3'), backend('10.244.2.2', { verdict: 'unanswered' })];
    const flow: Flow = { ...podFlow, verdict: 'unanswered', cause: missingEntry, backends };
    expect(tableOf(flow)).toEqual([
      'CLIENT            SOURCE      VERDICT         BACKEND          SEES SOURCE',
      'Pod on this node  10.244.1.9  unanswered [1]  10.244.2.2:8080  10.244.1.9',
      '                              answered        10.244.1.3:8080  10.244.1.9',
    ]);
  });

  test('has the number of the cause beside every outcome that it explains', () => {
    const backends = ['10.244.1.3', '10.244.2.2'].map(address => backend(address, { verdict: 'unanswered' }));
    const flow: Flow = { ...podFlow, verdict: 'unanswered', cause: missingEntry, backends };
    expect(tableOf(flow).filter(line => line.includes('unanswered [1]'))).toHaveLength(2);
  });

  test('says where packets end only if the cause is somewhere else', () => {
    const cause = { ...missingEntry, summary: 'Rule 2 rejects the packet.', blame: rejectingRule };
    expect(matrixText(explanationOf({ ...rejectedOutsideFlow, cause }), plain)).not.toContain('stopped by');
    const { steps } = rejectedOutsideFlow.trace;
    const stops = ['net/ipv4/ip_forward', 'net/ipv4/conf/eth0.100/forwarding', 'net/ipv4/conf/a/b', 'net/c', 'net/d'];
    const flows = stops.map((name): Flow => {
      const blame = { part: 'sysctl', name, value: '0', needed: '1', why: 'The node does not forward' } as const;
      return {
        ...rejectedOutsideFlow,
        trace: { steps, end: { kind: 'end', verdict: 'refused', clientSees: 'Connection refused', blame } },
      };
    });
    const lines = matrixText(explanationOf(...flows), plain).split('\n');
    expect(lines.filter(line => line.includes('stopped by:'))).toEqual([
      '    stopped by: net.ipv4.ip_forward is 0, and must be 1: The node does not',
      '    stopped by: net.ipv4.conf.eth0/100.forwarding is 0, and must be 1: The node',
      '    stopped by: net.ipv4.conf.a.b is 0, and must be 1: The node does not forward',
      '    stopped by: 2 more',
    ]);
  });

  test('shortens many backends that are treated alike', () => {
    const backends = ['10.244.1.3', '10.244.2.2', '10.244.2.3', '10.244.2.4'].map(address => backend(address));
    expect(tableOf({ ...podFlow, backends })[1]).toBe(
      'Pod on this node  10.244.1.9  answered  10.244.1.3:8080 +3  10.244.1.9',
    );
  });

  test('wraps a long client before it gives columns up', () => {
    const client = { ...clients.pod, label: 'pod/a-name-with-several-words in the namespace of somebody else' };
    const rows = tableOf({ ...podFlow, client });
    expect(rows[1]).toMatch(/^pod\/\S+ .* answered {2}10\.244\.1\.3:8080 {2}10\.244\.1\.9$/);
    expect(rows.every(line => line.length <= 80)).toBe(true);
    expect(rows.length).toBeGreaterThan(3);
  });

  test('says loudly that a probe got something else', () => {
    const probe = { verdict: 'refused', text: 'Connection refused', agrees: false } as const;
    expect(matrixText(explanationOf({ ...podFlow, probe }), plain)).toContain(
      'THE PROBE DISAGREES for a Pod on this node: explained as answered, the probe got\n' +
        '  refused (Connection refused).\n',
    );
    const agreeing = { verdict: 'answered', text: 'answered', agrees: true } as const;
    expect(matrixText(explanationOf({ ...podFlow, probe: agreeing }), plain)).toContain(
      'Probe of a Pod on this node: answered, as explained.\n',
    );
  });

  test('says what was looked at', () => {
    const basis = { kind: 'snapshot', takenAt: '2026-11-30T08:00:00Z' } as const;
    expect(matrixText({ ...sampleExplanation, basis }, plain)).toMatch(
      /^.* inajob, as it was at 2026-11-30T08:00:00Z\n/,
    );
    expect(matrixText({ ...sampleExplanation, basis: { kind: 'desired' } }, plain)).toMatch(/^.*, as it should be\n/);
  });

  test('names a client for details by what --source takes, quoted for a shell', () => {
    const text = matrixText({ ...explanationOf(outsideFlow, podFlow), asked: "it's" }, plain);
    expect(text).toMatch(/^ {2}kproxy explain 'it'\\''s' --source 10\.244\.1\.9$/m);
  });

  test('writes control characters of names out', () => {
    const flow: Flow = { ...podFlow, client: { ...clients.pod, label: 'pod/\u001b[2Jx\n' } };
    const text = matrixText(explanationOf(flow), inColor);
    expect(text).toContain('pod/\\u001b[2Jx\\n');
    expect(text).not.toContain('\u001b[2J');
  });
});
