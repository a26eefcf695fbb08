import { describe, expect, test } from 'vitest';
import { explanationMermaid } from '../../../../src/explain/draw/mermaid/mermaid.js';
import type { Explanation, Flow } from '../../../../src/explain/explanation.js';
import { explanationOf, widened } from '../../support/drawings.js';
import {
  answeredFlow,
  clients,
  elsewhere,
  here,
  missingEntry,
  outsideFlow,
  podFlow,
  rejectedFlow,
  rejectedOutsideFlow,
  sampleExplanation,
} from '../../support/sample-explanation.js';

/** A label: letters, digits, harmless signs, line breaks, and all other characters by their numbers. */
const label = String.raw`"(?:[\p{L}\p{M}\p{N} .,:/→%()+=_-]|#\d+;|<br/>)+"`;
const color = '(?::::(?:good|failed|unclear))?';
/** Every statement that a flowchart may have here. Stricter than Mermaid's own grammar. */
const statements = [
  String.raw`n\d+(?:\[${label}\]|\(\[${label}\]\)|\{\{${label}\}\})${color}`,
  String.raw`n\d+ (?:-->|--x|-\.-)(?:\|${label}\|)? n\d+`,
  String.raw`subgraph n\d+\[${label}\]`,
  'end',
  String.raw`classDef (?:good|failed|unclear) fill:#[\da-f]{6},stroke:#[\da-f]{6},color:#[\da-f]{6}`,
  String.raw`linkStyle \d+(?:,\d+)* stroke:#[\da-f]{6}`,
].map(pattern => new RegExp(`^  ${pattern}$`, 'u'));

/** Returns the chart's lines without the colors. Fails if one is no statement, or names a node that is not there. */
function chartOf(explanation: Explanation): readonly string[] {
  const text = explanationMermaid(explanation);
  const [first, ...lines] = text.trimEnd().split('\n');
  expect(first).toMatch(/^flowchart (TD|LR)$/);
  expect(lines.filter(line => !statements.some(statement => statement.test(line)))).toEqual([]);
  expect(lines.filter(line => line.startsWith('  subgraph'))).toHaveLength(
    lines.filter(line => line === '  end').length,
  );
  const ids = new Set(lines.flatMap(line => /^ {2}(n\d+)[[({]/.exec(line)?.[1] ?? []));
  const edges = lines.map(line => /^ {2}(n\d+) \S.* (n\d+)$/.exec(line)).filter(found => found !== null);
  for (const [, from = '', to = ''] of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
  const styled = lines.flatMap(line => /linkStyle (\S+)/.exec(line)?.[1]?.split(',') ?? []);
  for (const index of styled) expect(edges[Number(index)]?.[0]).toContain(' --x');
  return lines.filter(line => !/^ {2}(classDef|linkStyle)/.test(line)).map(line => line.slice(2));
}

describe('the flowchart of one flow', () => {
  test('ends in red where the packet does, with the cause beside it', () => {
    expect(chartOf(explanationOf(rejectedOutsideFlow))).toEqual([
      'n1(["a machine outside<br/>192.168.33.99"])',
      'n2["packet<br/>192.168.33.99 → 10.254.10.128:80<br/>from 192.168.33.99 on eth0"]',
      'n1 -->|"to 10.254.10.128:80/tcp"| n2',
      'n3["PREROUTING<br/>192.168.33.99 → 10.254.10.128:80<br/>nat: policy ACCEPT"]',
      'n2 --> n3',
      'n4["routing<br/>10.254.10.128 is an address of this node, on kube-ipvs0"]',
      'n3 --> n4',
      'n5["INPUT<br/>192.168.33.99 → 10.254.10.128:80<br/>filter: REJECTED by KUBE-IPVS-FILTER 2"]',
      'n4 --> n5',
      'n6(["refused<br/>Connection refused<br/>rule 2 of KUBE-IPVS-FILTER (IPv4, table filter)"]):::failed',
      'n5 --x n6',
      'n7["The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.<br/>' +
        'fix: ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80"]:::failed',
      'n6 -.- n7',
    ]);
  });

  test('forks for each kind of backend, and says what each table changed', () => {
    const chart = chartOf(explanationOf(outsideFlow));
    const ipvs = chart.find(line => line.includes('{{"IPVS<br/>192'))?.split('{')[0];
    expect(chart.filter(line => line.startsWith(`${ipvs} -->`)).map(line => line.split('|')[1])).toEqual([
      '"10.244.1.3:8080, on this node, 50 %"',
      '"10.244.2.2:8080, elsewhere, 50 %"',
    ]);
    expect(chart.filter(line => line.includes('POSTROUTING')).map(line => line.split('<br/>')[2])).toEqual([
      'nat: translated by KUBE-POSTROUTING 4, source 10.244.1.1"]',
      'nat: translated by KUBE-POSTROUTING 4, source 192.168.33.11"]',
    ]);
    expect(chart.filter(line => line.endsWith(':::good'))).toHaveLength(2);
  });

  test('draws backends that are treated alike once', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ ...elsewhere, address: `10.244.2.${index + 1}` }));
    const flow = answeredFlow(
      clients.pod,
      [here, ...many].map(backend => [backend, '10.244.1.9']),
    );
    const chart = chartOf(explanationOf(flow));
    expect(chart.length).toBeLessThan(60);
    expect(chart.join('\n')).toContain('10.244.2.1:8080, elsewhere, less than 1 %, and 199 more alike');
  });
});

describe('the flowchart of several flows', () => {
  test('points from each client to the backends that it reaches', () => {
    expect(chartOf(explanationOf(podFlow, outsideFlow, rejectedFlow(clients.node)))).toEqual([
      'subgraph n1["10.254.10.128:80/tcp, cluster IP of default/web-service:http"]',
      'n2["Pod on this node<br/>10.244.1.9"]',
      'n3(["10.244.1.3:8080"]):::good',
      'n2 -->|"sees 10.244.1.9"| n3',
      'n4(["10.244.2.2:8080"]):::good',
      'n2 -->|"sees 10.244.1.9"| n4',
      'n5["machine outside<br/>192.168.33.99"]',
      'n5 -->|"sees 10.244.1.1"| n3',
      'n5 -->|"sees 192.168.33.11"| n4',
      'n6["process of this node<br/>10.254.10.128"]',
      'n7["refused<br/>The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.<br/>' +
        'fix: ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80"]:::failed',
      'n6 --x|"refused"| n7',
      'end',
    ]);
  });

  test('of a large Service stays small enough for GitHub, and says what it leaves out', () => {
    const flows = Array.from({ length: 400 }, (_, index): Flow => {
      const flow = index % 2 === 0 ? podFlow : outsideFlow;
      return { ...flow, target: { ...flow.target, port: 1000 + (index >> 1) } };
    });
    for (const explanation of [explanationOf(...flows), widened(explanationOf(...flows))]) {
      const text = explanationMermaid(explanation);
      expect(text.length).toBeLessThan(50_000);
      expect(text.match(/ -->/g)?.length).toBeLessThan(500);
      expect(chartOf(explanation).at(-1)).toMatch(/^n\d+\["and \d+ more: ask for one address and port"\]$/);
    }
  });
});

describe('labels', () => {
  const withLabel = (text: string): Flow => ({ ...podFlow, client: { ...clients.pod, label: text } });

  test.each([
    ['quotes and brackets', 'pod/"x"](y){z}', 'pod/#34;x#34;#93;(y)#123;z#125;'],
    ['entities and markup', 'a#b;<b>&amp;`c`*d*', 'a#35;b#59;#60;b#62;#38;amp#59;#96;c#96;#42;d#42;'],
    ['a directive', '%%{init: {}}%%', '%%#123;init: #123;#125;#125;%%'],
    ['letters of all scripts', 'Service を処理', 'Service を処理'],
    ['control characters', 'a\u001b[1mb\nend', 'a#92;u001b#91;1mb#92;nend'],
    ['an arrow of the chart', 'a --x b | c', 'a --x b #124; c'],
  ])('write %s so that Mermaid reads text', (_, text, expected) => {
    expect(chartOf(explanationOf(withLabel(text)))[0]).toBe(`n1(["${expected}<br/>10.244.1.9"])`);
  });

  test('of long names and IPv6 are complete', () => {
    expect(chartOf(widened(sampleExplanation)).join('\n')).toContain('p'.repeat(15));
    const cause = { ...missingEntry, commands: ['iptables -t nat -D X 1 -m comment --comment \'a #1; "b"\''] };
    const chart = chartOf(explanationOf({ ...rejectedOutsideFlow, cause }));
    expect(chart.at(-2)).toContain('--comment #39;a #35;1#59; #34;b#34;#39;"]:::failed');
  });
});

test('colors of a flowchart can be read: each text has a contrast of 7 or more with its background', () => {
  const channel = (hex: string): number => {
    const value = Number.parseInt(hex, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = (color: string): number => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\da-f]{2}/g) ?? []).map(channel);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const pairs = Array.from(explanationMermaid(sampleExplanation).matchAll(/fill:#(\w+),stroke:#\w+,color:#(\w+)/g));
  expect(pairs).toHaveLength(3);
  for (const [, fill = '', text = ''] of pairs)
    expect((luminance(fill) + 0.05) / (luminance(text) + 0.05)).toBeGreaterThanOrEqual(7);
});
