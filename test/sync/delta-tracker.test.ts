import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPlan } from '../../src/node/apply.js';
import type { Change } from '../../src/node/change.js';
import type { Chain, Element, Entry, IpSet, Jumps, RealServer } from '../../src/node/element.js';
import type { Finding } from '../../src/node/finding.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { readNode } from '../../src/node/read.js';
import type { NodeState } from '../../src/node/state.js';
import { ledgerOf } from '../../src/proxy/service-claims.js';
import { wholeCoverage } from '../../src/sync/coverage.js';
import { DeltaTracker, type SharedElements } from '../../src/sync/delta-tracker.js';
import { reconcile } from '../../src/sync/reconcile.js';
import { fakeNode, kernelOf } from '../support/fake-node/index.js';
import { parameters, situation } from '../support/situation.js';
import { stateText } from '../support/state-text.js';

const entry = (value: string, set = 'KUBE-CLUSTER-IP'): Entry => ({ kind: 'entry', set, value });
const real = (part: Partial<RealServer> = {}): RealServer => ({
  kind: 'real-server',
  server: { protocol: 'TCP', address: '10.96.0.1', port: 80 },
  address: '10.244.1.1',
  port: 8080,
  weight: 1,
  forwarding: 'masquerade',
  ...part,
});
const set = (name: string, type: IpSet['type'] = 'hash:ip,port'): IpSet => ({
  kind: 'set',
  name,
  type,
  family: 'IPv4',
  maximum: undefined,
});
const chain: Chain = { kind: 'chain', family: 'IPv4', table: 'nat', name: 'KUBE-SERVICES', rules: [] };
const jumps: Jumps = { kind: 'jumps', family: 'IPv4', table: 'nat', chain: 'OUTPUT', rules: [['-j', 'KUBE-SERVICES']] };
const connections = (server: RealServer, active: number, inactive = 0) =>
  ({ kind: 'connections', realServer: keyOf(server), active, inactive }) as const;
const foreignRules = { kind: 'foreign-rules', jumps: keyOf(jumps), rules: ['-j DROP'] } as const;

/** Returns elements that a tracker can share. */
function sharing(...elements: readonly Element[]): SharedElements {
  const shared = new Map(elements.map(element => [keyOf(element), { key: keyOf(element), element }]));
  return { find: key => shared.get(key) };
}

function trackerOf(findings: Iterable<Finding>, desired?: SharedElements): DeltaTracker {
  const tracker = new DeltaTracker(desired);
  tracker.replaceActual(findings);
  return tracker;
}

const elementsIn = (tracker: DeltaTracker): readonly Element[] => [...tracker.whole().state.values()];

const keysIn = (state: NodeState): string[] => Array.from(state, ([key]) => key);

describe('a reading shares its memory with the desired state:', () => {
  const desired = [entry('10.96.0.1,tcp:80'), real()];
  const shared = sharing(...desired);

  test('an element that is as desired is the desired object', () => {
    const tracker = trackerOf(structuredClone(desired), shared);
    for (const element of desired) expect(tracker.whole().state.get(keyOf(element))).toBe(element);
  });

  test('each time that a node is read', () => {
    const tracker = new DeltaTracker(shared);
    for (let times = 0; times < 3; times += 1) {
      tracker.replaceActual(structuredClone(desired));
      for (const element of desired) expect(tracker.whole().state.get(keyOf(element))).toBe(element);
    }
  });

  test('an element that is not desired is the one that was read', () => {
    const read = entry('10.96.0.2,tcp:80');
    const tracker = trackerOf([...structuredClone(desired), read], shared);
    expect(elementsIn(tracker)).toEqual([...desired, read]);
    expect(tracker.whole().state.get(keyOf(read))).toBe(read);
  });

  test('a desired element that was not read is not on the node', () => {
    const tracker = trackerOf(structuredClone(desired.slice(1)), shared);
    expect(elementsIn(tracker)).toEqual(desired.slice(1));
    expect(tracker.whole().state.has(keyOf(desired[0] as Element))).toBe(false);
  });

  test.each([
    ['weight', { weight: 0 }],
    ['forwarding', { forwarding: 'route' }],
    ['forwarding that the comparison ignores', { forwarding: 'local' }],
  ] as const)('a real server with another %s is the one that was read', (_, part) => {
    const read = real(part);
    expect(trackerOf([read], shared).whole().state.get(keyOf(read))).toBe(read);
  });

  test('a real server with connections is the desired object, and its connections are beside it', () => {
    const tracker = trackerOf([structuredClone(real()), connections(real(), 1, 2)], shared);
    expect(tracker.whole().state.get(keyOf(real()))).toBe(desired[1]);
    expect(tracker.whole().connections.get(keyOf(real()))).toMatchObject({ active: 1, inactive: 2 });
  });
});

describe('if two elements share a key,', () => {
  const [different, same] = [real({ weight: 0 }), real()];

  test('the last wins', () => {
    expect(elementsIn(trackerOf([real(), real({ weight: 2 })]))).toEqual([real({ weight: 2 })]);
  });

  test.each([
    ['first', [different, same]],
    ['last', [same, different]],
  ] as const)('one that differs from the desired one wins if it is listed %s', (_, listed) => {
    expect(elementsIn(trackerOf(structuredClone(listed), sharing(real())))).toEqual([different]);
  });

  test('and both are as desired, the element is there once', () => {
    expect(elementsIn(trackerOf([structuredClone(same), structuredClone(same)], sharing(same)))).toEqual([same]);
  });
});

test('a reading replaces everything that was known', () => {
  const tracker = trackerOf([entry('10.96.0.1,tcp:80'), chain, real(), connections(real(), 1), jumps, foreignRules]);
  tracker.replaceActual([set('KUBE-CLUSTER-IP')]);
  expect(tracker.whole()).toEqual({
    state: new Map([['set KUBE-CLUSTER-IP', set('KUBE-CLUSTER-IP')]]),
    connections: new Map(),
    foreignRules: new Map(),
  });
  expect(keysIn(tracker.part([]).state)).toEqual(['set KUBE-CLUSTER-IP']);
});

test('a count of connections replaces the one before', () => {
  const tracker = trackerOf([real(), connections(real(), 1)]);
  tracker.countConnections(new Map());
  expect(tracker.whole().connections.size).toBe(0);
});

test('a part has the elements with its keys, those of no single Service, and what is beside elements', () => {
  const [one, other] = [entry('10.96.0.1,tcp:80'), entry('10.96.0.2,tcp:80')];
  const tracker = trackerOf([
    set('KUBE-CLUSTER-IP'),
    one,
    other,
    chain,
    jumps,
    foreignRules,
    real(),
    connections(real(), 1),
  ]);
  const part = tracker.part([keyOf(one), 'entry KUBE-CLUSTER-IP 10.96.0.3,tcp:80']);
  expect(keysIn(part.state).sort()).toEqual([set('KUBE-CLUSTER-IP'), one, chain, jumps].map(keyOf).sort());
  expect(part.connections).toEqual(tracker.whole().connections);
  expect(part.foreignRules).toEqual(new Map([[keyOf(jumps), foreignRules.rules]]));
});

describe('after a plan was applied,', () => {
  /** Returns a tracker that has recorded a plan for what was read. */
  function trackerAfter(plan: readonly Change[], ...findings: readonly Finding[]): DeltaTracker {
    const tracker = trackerOf(findings);
    tracker.applied(plan, tracker.whole());
    return tracker;
  }

  test('what it added and changed is on the node, and what it removed is not', () => {
    const added = entry('10.96.0.2,tcp:80');
    const removed = entry('10.96.0.3,tcp:80');
    const plan: readonly Change[] = [
      { verb: 'add', after: added },
      { verb: 'change', before: real({ weight: 0 }), after: real() },
      { verb: 'remove', before: removed },
    ];
    expect(elementsIn(trackerAfter(plan, real({ weight: 0 }), removed))).toEqual([real(), added]);
  });

  test('the contents of a removed set are not on the node', () => {
    const plan: readonly Change[] = [{ verb: 'remove', before: set('A') }];
    expect(
      elementsIn(trackerAfter(plan, set('A'), entry('10.96.0.1,tcp:80', 'A'), entry('10.96.0.1,tcp:80', 'B'))),
    ).toEqual([entry('10.96.0.1,tcp:80', 'B')]);
  });

  test('a recreated set has only the entries that were added', () => {
    const plan: readonly Change[] = [
      { verb: 'change', before: set('A', 'hash:ip'), after: set('A') },
      { verb: 'add', after: entry('10.96.0.1,tcp:80', 'A') },
    ];
    expect(elementsIn(trackerAfter(plan, set('A', 'hash:ip'), entry('10.96.0.9', 'A')))).toEqual([
      set('A'),
      entry('10.96.0.1,tcp:80', 'A'),
    ]);
  });

  test('a temporary set that it added and removed is not on the node', () => {
    const plan: readonly Change[] = [
      { verb: 'add', after: set('KUBE+CLUSTER-IP') },
      { verb: 'add', after: entry('10.96.0.1,tcp:80', 'KUBE+CLUSTER-IP') },
      { verb: 'remove', before: set('KUBE+CLUSTER-IP') },
    ];
    expect(elementsIn(trackerAfter(plan))).toEqual([]);
  });

  test('jumps that it moved to the top are behind no other rules', () => {
    const plan: readonly Change[] = [{ verb: 'change', before: jumps, after: jumps, behind: foreignRules.rules }];
    expect(trackerAfter(plan, jumps, foreignRules).whole().foreignRules.size).toBe(0);
    expect(trackerAfter([], jumps, foreignRules).whole().foreignRules.size).toBe(1);
  });

  test('the tracker knows what a reading of the node would find, for any cluster and any state of the node', () =>
    fc.assert(
      fc.asyncProperty(situation, async ([cluster, options, actual]) => {
        const node = fakeNode(kernelOf(actual));
        const { facts, findings } = await readNode(node);
        const ledger = ledgerOf(cluster, options, facts);
        const tracker = trackerOf(findings, ledger);
        const { plan } = reconcile({ ledger, actual: tracker.whole(), coverage: wholeCoverage, options, facts });
        await applyPlan(node, plan);
        tracker.applied(plan, tracker.whole());
        const read = trackerOf((await readNode(node)).findings).whole();
        const known = tracker.whole();
        expect(withoutHost(stateText(known.state, known.foreignRules))).toEqual(
          withoutHost(stateText(read.state, read.foreignRules)),
        );
      }),
      parameters,
    ));
});

/** Loading ip_vs brings kernel parameters that are not desired and so are in no plan. */
const withoutHost = (lines: readonly string[]): readonly string[] =>
  lines.filter(line => !/"kind":"(sysctl|module|flow)"/.test(line));
