import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { detailText } from '../../../../src/explain/draw/text/detail-text.js';
import type { Flow } from '../../../../src/explain/explanation.js';
import type { BackendChoice, Branch, Fork, RuleStep, TableStep } from '../../../../src/explain/trace/trace.js';
import { expectCalm, explanationOf, inColor, plain, widened } from '../../support/drawings.js';
import {
  answeredFlow,
  clients,
  elsewhere,
  here,
  missingEntry,
  outsideFlow,
  podFlow,
  rejectedOutsideFlow,
  sampleExplanation,
} from '../../support/sample-explanation.js';
import { ends, ruleStep, tableStep } from '../../support/steps.js';

const outsideText = `\
From a machine outside, 192.168.33.99, to 10.254.10.128:80/tcp, cluster IP of
  default/web-service:http
node inajob, as it is

packet       from 192.168.33.99 on eth0

PREROUTING   192.168.33.99 → 10.254.10.128:80
  nat        accepted => mark 0x4000
    PREROUTING 1: -m comment --comment "kubernetes service portals" -j
        KUBE-SERVICES
        why: Packets from Pods and from outside come this way.
      KUBE-SERVICES 2: ! -s 10.244.0.0/16 -m comment --comment "Kubernetes
          service cluster ip + port for masquerade purpose" -m set --match-set
          KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ
          because: KUBE-CLUSTER-IP has 10.254.10.128,tcp:80
          why: Sources outside the Pods' network 10.244.0.0/16 are answered
            through this node. Pods keep their address. (for
            default/web-service:http)
        KUBE-MARK-MASQ 1: -j MARK --or-mark 0x4000
            => mark 0x4000
      KUBE-SERVICES 3: -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
          because: KUBE-CLUSTER-IP has 10.254.10.128,tcp:80
          why: No later rule may send the packet elsewhere. (for
            default/web-service:http)

routing      10.254.10.128 is an address of this node, on kube-ipvs0

INPUT        192.168.33.99 → 10.254.10.128:80
  filter     policy ACCEPT
    INPUT 1: -m comment --comment "kubernetes ipvs access filter" -j
        KUBE-IPVS-FILTER
        why: Packets to a VIP reach INPUT, because the VIP is an address of this
          node.
      KUBE-IPVS-FILTER 1: -m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN
          because: KUBE-CLUSTER-IP has 10.254.10.128,tcp:80
          why: Service packets pass. (for default/web-service:http)

IPVS         192.168.33.99 → 10.254.10.128:80
             virtual server TCP 10.254.10.128:80, scheduler rr
             10.244.1.3:8080  weight 1, on this node
             10.244.2.2:8080  weight 1, elsewhere

fork         one of these backends gets the packet
│
├─ 10.244.1.3:8080, on this node, gets 50 %
│
│  routing      10.244.1.3 on cni0
│
│  POSTROUTING  192.168.33.99 → 10.244.1.3:8080
│    nat        translated => source 10.244.1.1
│      POSTROUTING 1: -m comment --comment "kubernetes postrouting rules" -j
│          KUBE-POSTROUTING
│          why: The source can only be changed when the packet leaves.
│        KUBE-POSTROUTING 4: -j MASQUERADE --random-fully
│            => source becomes 10.244.1.1
│
│  backend      10.244.1.3:8080 sees 10.244.1.1
│
│  answer       10.244.1.3:8080 → 10.244.1.1, from 10.244.1.3 on cni0
│
│  conntrack    10.244.1.3:8080 → 10.244.1.1
│               => the destination becomes 192.168.33.99 again
│
│  IPVS         10.244.1.3:8080 → 192.168.33.99
│               => the source becomes 10.254.10.128:80 again
│
│  client       the client gets an answer from 10.254.10.128:80
│
│  answered     the client gets: an answer from 10.254.10.128:80, and the
│               backend saw 10.244.1.1
│
└─ 10.244.2.2:8080, elsewhere, gets 50 %

   routing      10.244.2.2 via 192.168.33.12 on eth0

   POSTROUTING  192.168.33.99 → 10.244.2.2:8080
     nat        translated => source 192.168.33.11
       POSTROUTING 1: -m comment --comment "kubernetes postrouting rules" -j
           KUBE-POSTROUTING
           why: The source can only be changed when the packet leaves.
         KUBE-POSTROUTING 4: -j MASQUERADE --random-fully
             => source becomes 192.168.33.11

   backend      10.244.2.2:8080 sees 192.168.33.11

   answer       10.244.2.2:8080 → 192.168.33.11, from 10.244.2.2 on eth0

   conntrack    10.244.2.2:8080 → 192.168.33.11
                => the destination becomes 192.168.33.99 again

   IPVS         10.244.2.2:8080 → 192.168.33.99
                => the source becomes 10.254.10.128:80 again

   client       the client gets an answer from 10.254.10.128:80

   answered     the client gets: an answer from 10.254.10.128:80, and the
                backend saw 192.168.33.11

answered: 10.244.1.3:8080 sees 10.244.1.1, 10.244.2.2:8080 sees 192.168.33.11
`;

const rejectedText = `\
From a machine outside, 192.168.33.99, to 10.254.10.128:80/tcp, cluster IP of
  default/web-service:http
node inajob, as it is

packet       from 192.168.33.99 on eth0

PREROUTING   192.168.33.99 → 10.254.10.128:80
  nat        policy ACCEPT
    PREROUTING 1: -m comment --comment "kubernetes service portals" -j
        KUBE-SERVICES
        why: Packets from Pods and from outside come this way.
      KUBE-SERVICES 3: -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
          does not match: --match-set KUBE-CLUSTER-IP dst,dst
          KUBE-CLUSTER-IP does not have 10.254.10.128,tcp:80

routing      10.254.10.128 is an address of this node, on kube-ipvs0

INPUT        192.168.33.99 → 10.254.10.128:80
  filter     REJECTED
    INPUT 1: -m comment --comment "kubernetes ipvs access filter" -j
        KUBE-IPVS-FILTER
        why: Packets to a VIP reach INPUT, because the VIP is an address of this
          node.
      KUBE-IPVS-FILTER 1 (0 packets): -m set --match-set KUBE-CLUSTER-IP dst,dst
          -j RETURN
          does not match: --match-set KUBE-CLUSTER-IP dst,dst
          KUBE-CLUSTER-IP does not have 10.254.10.128,tcp:80
          near miss: KUBE-CLUSTER-IP has 10.254.10.128,udp:80
      KUBE-IPVS-FILTER 2 (3 packets): -m conntrack --ctstate NEW -m set
          --match-set KUBE-IPVS-IPS dst -j REJECT --reject-with
          icmp-port-unreachable
          because: KUBE-IPVS-IPS has 10.254.10.128
          => rejects with icmp-port-unreachable

refused      the client gets: Connection refused
             stopped by rule 2 of KUBE-IPVS-FILTER (IPv4, table filter): -m
               conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j
               REJECT --reject-with icmp-port-unreachable

The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.
Without it a packet to the cluster IP would keep a source that the backend
cannot answer to, and be rejected on the VIP.
near miss: KUBE-CLUSTER-IP has 10.254.10.128,udp:80, and the packet is for
  tcp:80.
fix:
  ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80
`;

const textOf = (flow: Flow, isDetailed = false): string => detailText(explanationOf(flow), isDetailed, plain);

const toService = ends('10.244.1.9', undefined, '10.254.10.128', 80);

/** A flow whose packet only passes these tables, and then takes one of these branches. */
const flowThrough = (tables: readonly TableStep[], end: Flow['trace']['end'] = podFlow.trace.end): Flow => ({
  ...podFlow,
  trace: { steps: tables, end },
});

const ruleText = (more: Partial<RuleStep>, isDetailed = false): string => {
  const rule = ruleStep('filter', 'INPUT', 4, 0, '-j ACCEPT', more);
  const table = tableStep('INPUT', 'filter', toService, { result: 'accept', rules: [rule] });
  const lines = textOf(flowThrough([table]), isDetailed).split('\n');
  const start = lines.findIndex(line => line.startsWith('  filter'));
  return lines.slice(start + 1, lines.indexOf('', start)).join('\n');
};

describe("the way of a flow's packet", () => {
  test('is drawn hook by hook, with a branch for each kind of backend and the way back', () => {
    expect(textOf(outsideFlow)).toBe(outsideText);
  });

  test('ends at the rule that stops it, with the cause and what fixes it', () => {
    expect(textOf(rejectedOutsideFlow, true)).toBe(rejectedText);
  });

  test('has rules that do not match, and counters, only if asked for', () => {
    const text = textOf(rejectedOutsideFlow);
    expect(text).not.toContain('KUBE-SERVICES 3');
    expect(text).not.toContain('packets)');
    expect(text).toContain('KUBE-IPVS-FILTER 2: ');
  });

  test('says the same with colors as without', () => {
    const colored = detailText(explanationOf(outsideFlow), false, inColor);
    expect(colored).toContain('\u001b[36m  nat        accepted => mark 0x4000\u001b[39m');
    expect(stripVTControlCharacters(colored)).toBe(outsideText);
  });

  test('is no wider than 80 columns, even with IPv6 and the longest names', () => {
    expectCalm(detailText(widened(sampleExplanation), false, plain));
    expectCalm(detailText(widened(sampleExplanation), true, plain));
  });

  test('ends with the verdict, also if only some packets get to a backend', () => {
    expect(textOf({ ...podFlow, verdict: 'dropped', cause: missingEntry })).toContain(`
dropped: dropped before any backend, 10.244.1.3:8080 sees 10.244.1.9,
  10.244.2.2:8080 sees 10.244.1.9

The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.
`);
  });

  test('of several flows is divided by lines', () => {
    const text = detailText(explanationOf(podFlow, outsideFlow), false, plain);
    expect(text.split(`\n${'─'.repeat(80)}\n\n`)).toEqual([textOf(podFlow), textOf(outsideFlow)]);
  });
});

describe('a rule', () => {
  test('that is uncertain is marked', () => {
    expect(ruleText({ matched: 'maybe', because: { text: 'kproxy does not know the match u32' } })).toBe(
      '    perhaps INPUT 4: -j ACCEPT\n        because: kproxy does not know the match u32',
    );
  });

  test('names three Service ports that need it, and counts the others', () => {
    const servicePorts = ['a/a:1', 'a/a:2', 'a/a:3', 'a/a:4', 'a/a:5'];
    expect(ruleText({ why: { why: 'It is needed.', servicePorts } })).toContain(
      'why: It is needed. (for a/a:1, a/a:2, a/a:3 and 2 more)',
    );
  });

  test('has the evidence that a detailed drawing of a missed rule needs', () => {
    const because = { set: 'S', looked: '10.0.0.1,udp:80', near: '10.0.0.1,tcp:80', text: 'the protocol differs' };
    expect(ruleText({ matched: 'no', failed: '--match-set S dst,dst', because, packets: 1 }, true)).toBe(`\
    INPUT 4 (1 packet): -j ACCEPT
        does not match: --match-set S dst,dst
        S does not have 10.0.0.1,udp:80
        near miss: S has 10.0.0.1,tcp:80
        the protocol differs`);
  });

  test('cannot drive the terminal through its comment', () => {
    const text = ruleText({ argv: ['-m', 'comment', '--comment', '\u001b]0;title\u0007 a\nb', '-j', 'ACCEPT'] });
    expect(text).toContain('\\u001b]0;title\\u0007 a\\nb');
    expect(text).not.toContain('\u001b');
  });

  test('changes are marked beside their table', () => {
    const rules = [ruleStep('nat', 'PREROUTING', 1, 0, '-j DNAT --to-destination 10.0.0.9:81', {})];
    const changed = ends('10.244.1.9', undefined, '10.0.0.9', 81);
    const table = tableStep('PREROUTING', 'nat', toService, { result: 'translate', ends: changed, rules });
    expect(textOf(flowThrough([table]))).toContain('  nat        translated => destination 10.0.0.9:81\n');
  });
});

describe('a table', () => {
  test('without a rule that matches has one line', () => {
    const rules = [ruleStep('raw', 'PREROUTING', 1, 0, '-p udp -j NOTRACK', { matched: 'no', failed: '-p udp' })];
    const raw = tableStep('PREROUTING', 'raw', toService, { policy: 'ACCEPT', rules });
    const mangle = tableStep('PREROUTING', 'mangle', toService, { policy: 'ACCEPT' });
    expect(textOf(flowThrough([raw, mangle]))).toContain(`
PREROUTING   10.244.1.9 → 10.254.10.128:80
  raw        no rule matches, policy ACCEPT
  mangle     no rule matches, policy ACCEPT

`);
  });
});

describe('IPVS', () => {
  test('lists some of many real servers, or all of them if asked for', () => {
    const many = Array.from({ length: 15 }, (_, index) => ({ ...elsewhere, address: `10.244.2.${index + 1}` }));
    const flow = answeredFlow(
      clients.pod,
      many.map(backend => [backend, '10.244.1.9']),
    );
    expect(textOf(flow).match(/weight 1, elsewhere/g)).toHaveLength(12);
    expect(textOf(flow)).toContain('             and 3 more\n');
    expect(textOf(flow, true).match(/weight 1, elsewhere/g)).toHaveLength(15);
    expect(textOf(flow)).toContain('\nanswered: 10.244.2.1:8080 +14 sees 10.244.1.9\n');
  });

  test('says how long a client keeps its backend', () => {
    const steps = podFlow.trace.steps.map(step =>
      step.kind === 'ipvs' ? { ...step, persistenceSeconds: 10800 } : step,
    );
    expect(textOf({ ...podFlow, trace: { ...podFlow.trace, steps } })).toContain(
      'scheduler rr\n             a client keeps its backend for 10800 s\n',
    );
  });
});

describe('a fork', () => {
  const choice = (last: number): BackendChoice => ({ ...elsewhere, address: `10.244.2.${last}` });
  const seen = '10.244.1.9';

  test('draws backends that are treated alike once, and names them', () => {
    const others = Array.from({ length: 11 }, (_, index) => choice(index + 3));
    const text = textOf(
      answeredFlow(
        clients.pod,
        [here, elsewhere, ...others].map(backend => [backend, seen]),
      ),
    );
    expect(text.match(/^[├└]─.*/gm)).toEqual([
      '├─ 10.244.1.3:8080, on this node, gets 8 %',
      '└─ 10.244.2.2:8080, elsewhere, together with the others 92 %, likewise',
    ]);
    expect(text.replace(/\s+/g, ' ')).toContain(' 10.244.2.9:8080 10.244.2.10:8080 and 3 more');
    expect(text).not.toContain('routing      10.244.2.3 via');
  });

  test('draws backends apart if they see another source', () => {
    const flow = answeredFlow(clients.outside, [
      [elsewhere, '192.168.33.11'],
      [choice(3), '192.168.33.99'],
    ]);
    expect(textOf(flow).match(/^[├└]─.*/gm)).toEqual([
      '├─ 10.244.2.2:8080, elsewhere, gets 50 %',
      '└─ 10.244.2.3:8080, elsewhere, gets 50 %',
    ]);
  });

  test('within a fork is indented', () => {
    const branch = (label: string, share: number | undefined, trace: Branch['trace']): Branch => ({
      label,
      share,
      trace,
    });
    const inner: Fork = {
      kind: 'fork',
      by: 'chance',
      branches: [
        branch('the rule matches', 0.004, rejectedOutsideFlow.trace),
        branch('the rule does not match', 0.996, { steps: [], end: rejectedOutsideFlow.trace.end }),
      ],
    };
    const outer: Fork = {
      kind: 'fork',
      by: 'unknown',
      branches: [
        branch('the rule matches', undefined, { steps: [], end: inner }),
        branch('the rule does not match', undefined, { steps: [], end: rejectedOutsideFlow.trace.end }),
      ],
    };
    const lines = textOf(flowThrough([], outer)).split('\n');
    expect(lines.filter(line => /fork|[├└]─/.test(line))).toEqual([
      'fork         not understood, so both ways are shown',
      '├─ the rule matches',
      '│  fork         it depends on chance',
      '│  ├─ the rule matches, gets less than 1 %',
      '│  └─ the rule does not match, gets more than 99 %',
      '└─ the rule does not match',
    ]);
    expectCalm(lines.join('\n'));
  });
});

test('of a connection that exists, says what the rules of nat saw', () => {
  const text = detailText({ ...explanationOf(podFlow), isEstablished: true }, false, plain);
  expect(text).toContain('in a connection that exists: the rules of nat saw only');
});
