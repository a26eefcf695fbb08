import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { htmlPage } from '../../../../src/explain/draw/html/page.js';
import type { Flow } from '../../../../src/explain/explanation.js';
import type { Branch, Step } from '../../../../src/explain/trace/trace.js';
import { htmlSample } from '../../support/html-sample.js';
import { hostileSample } from '../../support/html-variants.js';

const page = htmlPage(htmlSample);
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;
const hashOf = (text: string | undefined): string =>
  `sha256-${createHash('sha256')
    .update(text ?? '')
    .digest('base64')}`;

/** Returns what the first drawing for narrow screens has, except clients and backends. */
function stationsIn(html: string) {
  const drawing = /<svg[^>]*aria-labelledby="flow-\d-narrow-title".*?<\/svg>/s.exec(html)?.[0] ?? '';
  const withLook = (look: string) =>
    [...drawing.matchAll(new RegExp(`<text class="t-${look}"[^>]*>([^<]*)<`, 'g'))].map(([, text]) => text);
  return { taken: withLook('title'), faint: withLook('faint') };
}

describe('the HTML page', () => {
  it('has the target, the node and how many clients fail', () => {
    expect(page).toContain('<h1>default/web-service</h1>');
    expect(page).toContain('on node node-1, as it is');
    expect(page).toContain('1 of 5 flows is not answered.');
  });

  it('says at the top what fails, and the command that fixes it', () => {
    const top = page.slice(0, page.indexOf('Clients</h2>'));
    expect(top).toContain('The entry 10.254.10.128,tcp:443 is missing in KUBE-CLUSTER-IP.');
    expect(top).toContain('<code>ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:443</code>');
    expect(top).toContain('KUBE-CLUSTER-IP has 10.254.10.128,tcp:80, and the packet is for tcp:443.');
  });

  it('names a cause once if several flows have it', () => {
    const flows = htmlSample.flows.map(flow => ({ ...flow, cause: htmlSample.flows[4]?.cause }));
    expect(count(htmlPage({ ...htmlSample, flows }), /<section class="cause"/g)).toBe(1);
  });

  it('has a radio button for each flow, and chooses the first that fails', () => {
    expect(count(page, /<input type="radio"/g)).toBe(5);
    expect(page).toMatch(/id="choose-4" value="4" checked>/);
    expect(count(page, / checked>/g)).toBe(1);
    const allFine = htmlPage({ ...htmlSample, flows: htmlSample.flows.slice(0, 4) });
    expect(allFine).toMatch(/id="choose-0" value="0" checked>/);
    expect(allFine).toContain('All 4 flows are answered.');
  });

  it('draws every hook, and marks those that the packet does not pass', () => {
    const { taken, faint } = stationsIn(page.slice(page.indexOf('<article class="panel" id="flow-4"')));
    expect(faint).toEqual([
      ...['OUTPUT', 'FORWARD', 'IPVS', 'OUTPUT', 'POSTROUTING', 'backend'],
      ...['PREROUTING', 'OUTPUT', 'routing', 'FORWARD', 'INPUT', 'POSTROUTING', 'client'],
    ]);
    expect(taken).toEqual(['PREROUTING', 'routing', 'INPUT']);
  });

  it('shows hooks without rules as passed, and those of a way past this node as not passed', () => {
    const [flow] = htmlSample.flows;
    if (flow?.trace.end.kind !== 'fork') throw new Error('the sample has no fork');
    const { steps, end } = (flow.trace.end.branches[1] as Branch).trace;
    const isTable = (step: Step) => step.kind === 'table';
    const there = [...flow.trace.steps, ...steps.filter(({ way }) => way === 'there')];
    const shown = (given: readonly Step[]) =>
      stationsIn(htmlPage({ ...htmlSample, flows: [{ ...flow, trace: { steps: given, end } }] }));
    expect(shown([...flow.trace.steps, ...steps].filter(step => !isTable(step)))).toEqual({
      taken: [
        ...['PREROUTING', 'routing', 'INPUT', 'IPVS', 'routing', 'OUTPUT', 'POSTROUTING'],
        ...['PREROUTING', 'routing', 'FORWARD', 'IPVS', 'POSTROUTING'],
      ],
      faint: ['OUTPUT', 'FORWARD', 'OUTPUT', 'INPUT'],
    });
    expect(shown([...there, steps.at(-1) as Step])).toEqual({
      taken: ['PREROUTING', 'routing', 'INPUT', 'IPVS', 'routing', 'OUTPUT', 'POSTROUTING'],
      faint: ['OUTPUT', 'FORWARD', 'PREROUTING', 'OUTPUT', 'routing', 'FORWARD', 'INPUT', 'POSTROUTING'],
    });
  });

  it('shows conntrack after a first hook without rules', () => {
    const drawn = stationsIn(page.slice(page.indexOf('<article class="panel" id="flow-3"'))).taken;
    expect(drawn.slice(drawn.indexOf('conntrack') - 1, drawn.indexOf('conntrack') + 2)).toEqual([
      ...['PREROUTING', 'conntrack', 'routing'],
    ]);
  });

  it.each([
    [{ part: 'route', to: '10.254.10.128', why: 'The node has no route.' }, 1, 'routing', 'no route'],
    [
      { part: 'virtual server', server: { protocol: 'TCP', address: '10.254.10.128', port: 443 }, why: 'None.' },
      3,
      'IPVS',
      'virtual server TCP',
    ],
    [
      { part: 'socket', address: '10.254.10.128', port: 443, why: 'No process listens.' },
      3,
      'a process of this node',
      'No process',
    ],
  ] as const)('shows where a packet ends that has no step there: $part', (blame, steps, title, note) => {
    const flow = htmlSample.flows[4] as Flow;
    const end = { kind: 'end', verdict: 'refused', clientSees: 'an error', blame } as const;
    const trace = { steps: flow.trace.steps.slice(0, steps), end };
    const failed = /<li class="step failed">.*?<\/li>/s.exec(
      htmlPage({ ...htmlSample, flows: [{ ...flow, trace }] }),
    )?.[0];
    expect(failed).toContain(`>${title}</span>`);
    expect(failed).toContain(note);
    expect(failed).toContain('✕ refused: an error');
  });

  it('writes the ends beside the arrows as they are there', () => {
    const drawing = /<svg[^>]*aria-labelledby="flow-3-narrow-title".*?<\/svg>/s.exec(page)?.[0] ?? '';
    const labels = [...drawing.matchAll(/<text class="t-(?:label|changed)"[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(labels[0]).toBe('192.168.33.99 → 10.254.10.128:80');
    expect(labels).toContain('10.244.1.1 →');
    expect(labels).toContain('192.168.33.11 →');
  });

  it('has each rule that matched, with the entry, the reason and the Service port', () => {
    expect(page).toContain('<span class="place">KUBE-SERVICES 1</span>');
    expect(page).toContain('KUBE-CLUSTER-IP has 10.254.10.128,tcp:80');
    expect(page).toContain('A Pod that is balanced to itself must not see its own address as the source.');
    expect(page).toContain('Needed by default/web-service:http.');
    expect(page).toContain('KUBE-IPVS-FILTER 6</span>\n<strong class="bad">✕ ends the way here</strong>');
  });

  it('draws backends that are treated alike only once', () => {
    const [flow] = htmlSample.flows;
    if (flow?.trace.end.kind !== 'fork') throw new Error('the sample has no fork');
    const [first] = flow.trace.end.branches;
    const third = JSON.parse(JSON.stringify(first).replaceAll('10.244.1.3', '10.244.1.77'));
    const end = { ...flow.trace.end, branches: [...flow.trace.end.branches, third] };
    const text = htmlPage({ ...htmlSample, flows: [{ ...flow, trace: { ...flow.trace, end } }] });
    expect(text).toContain('10.244.1.3:8080 and 1 more');
    expect(count(text, /<section class="lane"/g)).toBe(2);
    expect(text).toContain('10.244.1.3:8080, 10.244.1.77:8080');
    expect(text).toContain('100 % of the connections');
  });

  it('says loudly if the probe got something else', () => {
    const flows = htmlSample.flows.slice(0, 1).map(flow => ({
      ...flow,
      probe: { verdict: 'refused', text: 'Connection refused', agrees: false } as const,
    }));
    expect(htmlPage({ ...htmlSample, flows })).toContain('<strong>Probe differs</strong>: Connection refused.');
  });

  it('has ids that are unique, and no link to a missing one', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
    for (const [, id] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(id);
  });

  it('allows only its own style sheet and script', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src '${hashOf(/<style>(.*?)<\/style>/s.exec(page)?.[1])}'`);
    expect(policy).toContain(`script-src '${hashOf(/<script>(.*?)<\/script>/s.exec(page)?.[1])}'`);
    expect(page).not.toMatch(/(?:src|href)="(?!#)/);
    expect(page).not.toMatch(/ style="| on[a-z]+="/);
  });

  it('escapes everything from the node and the cluster', () => {
    const text = htmlPage(hostileSample);
    expect(count(text, /<script/g)).toBe(1);
    expect(count(text, /<\/script/g)).toBe(1);
    expect(count(text, /<\/style/g)).toBe(1);
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;/script&gt;&lt;/style&gt;&lt;img src=x onerror=&quot;');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be in the page
    expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\u202e]/);
    const tags = (one: string) => count(one, /<[a-z]/g);
    expect(tags(text)).toBeGreaterThanOrEqual(tags(page));
  });

  it('makes a page without flows', () => {
    expect(htmlPage({ ...htmlSample, flows: [] })).toContain('There is no client to explain.');
  });
});
