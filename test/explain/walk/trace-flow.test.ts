import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { checkObjects } from '../../../src/cluster/check.js';
import { indexDatapath } from '../../../src/explain/datapath/datapath-index.js';
import { desiredDatapath } from '../../../src/explain/datapath/desired/desired-datapath.js';
import type { Client } from '../../../src/explain/explanation.js';
import { summarize } from '../../../src/explain/trace/summarize.js';
import type { Question } from '../../../src/explain/walk/question.js';
import { usualSurroundings } from '../../../src/explain/walk/surroundings.js';
import { traceFlow } from '../../../src/explain/walk/trace-flow.js';
import { familyOf } from '../../../src/net/address.js';
import type { Datapath, Route } from '../../../src/node/datapath/datapath.js';
import { unknownFacts } from '../../../src/node/facts.js';
import { reconcileFromNothing } from '../../../src/sync/reconcile-from-nothing.js';
import { fixture, tutorialProxy } from '../../support/run-sync.js';

const vip = '10.254.10.128';

function tutorialNode(): Datapath {
  const documents = readFileSync(fixture('tutorial.yaml'), 'utf8').split(/^---$/m);
  const { cluster } = checkObjects(documents.map(text => ({ source: 'test', value: parseYaml(text) })));
  const { desired } = reconcileFromNothing(cluster, tutorialProxy, unknownFacts);
  const { datapath } = desiredDatapath(desired.state, { cluster, facts: unknownFacts, options: tutorialProxy });
  return { ...datapath, sockets: [] };
}

const clientAt = (address: string | undefined): Client => ({
  kind: address === undefined ? 'node' : 'address',
  label: 'client',
  address,
});

/** Returns `answered: 10.244.1.3:8080 saw 10.244.1.9, …`. */
function fate(datapath: Datapath, source: string | undefined, more: Partial<Question> = {}): string {
  const question: Question = {
    family: 'IPv4',
    protocol: 'TCP',
    client: clientAt(source),
    destination: { address: vip, port: 80 },
    isEstablished: false,
    ...more,
  };
  const { verdict, backends, clientSees } = summarize(traceFlow(indexDatapath(datapath), question));
  const seen = backends.map(({ address, source: saw, verdict: each }) =>
    each === 'answered' ? `${address} saw ${saw}` : `${address} ${each}`,
  );
  return `${verdict}: ${seen.length === 0 ? clientSees : seen.join(', ')}`;
}

const withSysctl = (datapath: Datapath, name: string, value: string): Datapath => ({
  ...datapath,
  sysctls: { ...datapath.sysctls, [name]: value },
});

const inRules = (
  datapath: Datapath,
  edit: (chain: string, rules: readonly string[]) => readonly string[],
): Datapath => ({
  ...datapath,
  tables: datapath.tables.map(table => ({
    ...table,
    chains: table.chains.map(chain => ({
      ...chain,
      rules: edit(
        `${table.name} ${chain.name}`,
        chain.rules.map(({ argv }) => argv.join('\t')),
      ).map(text => ({
        argv: text.split('\t'),
      })),
    })),
  })),
});

/** Returns the node without the rules of a chain that have a text. */
const without = (datapath: Datapath, chain: string, text: string): Datapath =>
  inRules(datapath, (name, rules) => (name === chain ? rules.filter(rule => !rule.includes(text)) : rules));

/** Returns the node with a rule at the head of a chain. */
const withRule = (datapath: Datapath, chain: string, ...argv: readonly string[]): Datapath =>
  inRules(datapath, (name, rules) => (name === chain ? [argv.join('\t'), ...rules] : rules));

const pod = '10.244.1.9';
const backend = '10.244.1.3';
const outside = '203.0.113.9';

describe('on a node that is as it should be', () => {
  test.each([
    ['a Pod keeps its address', pod, 'answered: 10.244.1.3 saw 10.244.1.9, 10.244.2.2 saw 10.244.1.9'],
    ['the node is masqueraded', undefined, 'answered: 10.244.1.3 saw 10.244.1.1, 10.244.2.2 saw 192.0.2.2'],
    ['a machine outside is masqueraded', outside, 'answered: 10.244.1.3 saw 10.244.1.1, 10.244.2.2 saw 192.0.2.2'],
    [
      'a backend that gets its own packet is',
      backend,
      'answered: 10.244.1.3 saw 10.244.1.1, 10.244.2.2 saw 10.244.1.3',
    ],
    [
      "another node's Pod gets no answer from a backend that answers past this node",
      '10.244.2.9',
      'unanswered: 10.244.1.3 saw 10.244.2.9, 10.244.2.2 unanswered',
    ],
  ])('%s', (_, source, expected) => {
    expect(fate(tutorialNode(), source)).toBe(expected);
  });

  test('another port of the VIP is refused', () => {
    const question = { destination: { address: vip, port: 81 } };
    expect(fate(tutorialNode(), pod, question)).toBe('refused: Connection refused');
    expect(fate(tutorialNode(), pod, { ...question, protocol: 'SCTP' })).toBe('refused: no answer (timeout)');
  });
});

describe('what a single difference does', () => {
  test('a node that does not forward answers over the bridge only', () => {
    const node = ['all', 'cni0', 'eth0'].reduce(
      (datapath, device) => withSysctl(datapath, `net/ipv4/conf/${device}/forwarding`, '0'),
      withSysctl(tutorialNode(), 'net/ipv4/ip_forward', '0'),
    );
    expect(fate(node, pod)).toBe('unanswered: 10.244.1.3 saw 10.244.1.9, 10.244.2.2 unanswered');
    expect(fate(node, backend)).toBe('unanswered: 10.244.1.3 unanswered, 10.244.2.2 unanswered');
    expect(fate(node, undefined)).toBe('answered: 10.244.1.3 saw 10.244.1.1, 10.244.2.2 saw 192.0.2.2');
    expect(fate(node, outside)).toBe('unanswered: 10.244.1.3 unanswered, 10.244.2.2 unanswered');
  });

  test('without net.ipv4.vs.conntrack nothing is masqueraded', () => {
    const node = withSysctl(tutorialNode(), 'net/ipv4/vs/conntrack', '0');
    expect(fate(node, undefined)).toBe('dropped: 10.244.1.3 dropped, 10.244.2.2 unanswered');
    expect(fate(node, pod)).toBe('answered: 10.244.1.3 saw 10.244.1.9, 10.244.2.2 saw 10.244.1.9');
    expect(fate(node, outside)).toBe('unanswered: 10.244.1.3 saw 203.0.113.9, 10.244.2.2 unanswered');
    expect(fate(node, backend)).toBe('unanswered: 10.244.1.3 unanswered, 10.244.2.2 saw 10.244.1.3');
  });

  test('a bridge that does not call iptables passes answers of its own Pods past IPVS', () => {
    const node = withSysctl(tutorialNode(), 'net/bridge/bridge-nf-call-iptables', '0');
    expect(fate(node, pod)).toBe('unanswered: 10.244.1.3 unanswered, 10.244.2.2 saw 10.244.1.9');
    expect(fate(node, backend)).toBe('answered: 10.244.1.3 saw 10.244.1.1, 10.244.2.2 saw 10.244.1.3');
  });

  test('without the hairpin rule a backend does not get its own packets', () => {
    const node = without(tutorialNode(), 'nat KUBE-POSTROUTING', 'KUBE-LOOP-BACK');
    expect(fate(node, backend)).toBe('unanswered: 10.244.1.3 unanswered, 10.244.2.2 saw 10.244.1.3');
  });

  test('without the mark, the node asks with the VIP as its source', () => {
    const node = without(tutorialNode(), 'nat KUBE-MARK-MASQ', '--set-xmark');
    expect(fate(node, undefined)).toBe(`unanswered: 10.244.1.3 saw ${vip}, 10.244.2.2 unanswered`);
  });

  test('a DROP of other software ends the way', () => {
    expect(fate(withRule(tutorialNode(), 'filter INPUT', '-s', '10.244.1.9/32', '-j', 'DROP'), pod)).toBe(
      'dropped: no answer (timeout)',
    );
    expect(fate(withRule(tutorialNode(), 'filter FORWARD', '-i', 'cni0', '-j', 'DROP'), pod)).toBe(
      'dropped: 10.244.1.3 dropped, 10.244.2.2 saw 10.244.1.9',
    );
  });

  test('a rule that kproxy does not understand makes the verdict unknown, and is named', () => {
    const node = withRule(tutorialNode(), 'filter INPUT', '-m', 'u32', '--u32', '0x0', '-j', 'DROP');
    expect(fate(node, pod)).toMatch(/^(dropped|unknown): /);
  });
});

test('a Pod of this node to which only the default route leads gets nothing', () => {
  const node = tutorialNode();
  const without = node.routes.filter(({ type, hops }) => type === 'local' || hops[0]?.device !== 'cni0');
  const uplink = { device: 'eth0', gateway: '192.168.33.1' };
  const fallback = { family: 'IPv4', table: 'main', type: 'unicast', destination: '0.0.0.0/0', metric: 0 } as const;
  const routes = [...without, { ...fallback, hops: [uplink] }];
  const placeOf = (address: string) => (address === '10.244.1.3' ? 'here' : 'elsewhere');
  const question = { family: 'IPv4', protocol: 'TCP', destination: { address: vip, port: 80 } } as const;
  const fateOf = (source: string) => {
    const trace = traceFlow(
      indexDatapath({ ...node, routes }),
      { ...question, client: clientAt(source), isEstablished: false },
      { ...usualSurroundings, placeOf },
    );
    const { backends, verdict } = summarize(trace);
    return [verdict, ...backends.map(one => `${one.address} ${one.verdict}`)];
  };
  expect(fateOf('192.168.33.99')).toEqual(['unanswered', '10.244.1.3 unanswered', '10.244.2.2 answered']);
  expect(fateOf('10.244.1.3')).toEqual(['unanswered']);
});

test('of a rule that is not understood, neither way is certain', () => {
  const node = inRules(tutorialNode(), (chain, rules) =>
    chain === 'filter INPUT' ? [...rules, ['-m', 'string', '--string', 'x', '-j', 'DROP'].join('\t')] : rules,
  );
  expect(fate(node, '192.168.33.99')).toBe('unknown: 10.244.1.3 unknown, 10.244.2.2 unknown');
});

test('a rule that is not understood does not matter if both ways end alike', () => {
  const node = inRules(tutorialNode(), (chain, rules) =>
    chain === 'filter INPUT'
      ? [['-m', 'string', '--string', 'x', '-j', 'DROP'].join('\t'), ['-j', 'DROP'].join('\t'), ...rules]
      : rules,
  );
  expect(fate(node, '192.168.33.99')).toMatch(/^dropped/);
});

/** What connect() of a client outside failed with on Linux 6.1, by the type of the node's route to the target. */
describe('a target that the node cannot route to', () => {
  const node = tutorialNode();
  const routeTo = (destination: string, type: string, device?: string): Route => ({
    ...{ family: familyOf(destination), table: 'main', type, destination, metric: 0 },
    hops: device === undefined ? [] : [{ device }],
  });
  const flows = {
    IPv4: { network: '10.77.0.0/16', address: '10.77.0.1', source: '192.168.33.99' },
    IPv6: { network: 'fd00:7::/32', address: 'fd00:7::1', source: 'fd00:8::2' },
  } as const;

  test.each([
    ['IPv4', 'prohibit', 'No route to host'],
    ['IPv4', 'unreachable', 'No route to host'],
    ['IPv4', 'blackhole', 'no answer (timeout)'],
    ['IPv6', 'prohibit', 'Permission denied'],
    ['IPv6', 'unreachable', 'Network is unreachable'],
    ['IPv6', 'blackhole', 'no answer (timeout)'],
  ] as const)('over %s, by a route of the type %s: %s', (family, type, seen) => {
    const { network, address, source } = flows[family];
    const routes = [...node.routes, routeTo(network, type), routeTo('fd00:8::/64', 'unicast', 'eth0')];
    expect(fate({ ...node, routes }, source, { family, destination: { address, port: 80 } })).toContain(`: ${seen}`);
  });
});
