import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Connections, emptyNode } from '../../src/node/actual-state.js';
import { applyPlan } from '../../src/node/apply.js';
import type { Chain, Element, IpSet, Jumps, RealServer } from '../../src/node/element.js';
import type { Finding } from '../../src/node/finding.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { readNode } from '../../src/node/read.js';
import { nodeState } from '../../src/node/state.js';
import { ledgerOf } from '../../src/proxy/service-claims.js';
import { wholeCoverage } from '../../src/sync/coverage.js';
import { DeltaTracker, type SharedElements } from '../../src/sync/delta-tracker.js';
import { reconcile } from '../../src/sync/reconcile.js';
import { fakeNode, kernelOf } from '../support/fake-node/index.js';
import { parameters, situation } from '../support/situation.js';
import { stateText } from '../support/state-text.js';

const entry = (value: string): Element => ({ kind: 'entry', set: 'KUBE-CLUSTER-IP', value });
const realServer = (part: Partial<RealServer> = {}): RealServer => ({
  kind: 'real-server',
  server: { protocol: 'TCP', address: '10.96.0.1', port: 80 },
  address: '10.244.1.1',
  port: 8080,
  weight: 1,
  forwarding: 'masquerade',
  ...part,
});
const set: IpSet = {
  kind: 'set',
  name: 'KUBE-CLUSTER-IP',
  type: 'hash:ip,port',
  family: 'IPv4',
  maximum: undefined,
};
const chain: Chain = { kind: 'chain', family: 'IPv4', table: 'nat', name: 'KUBE-SERVICES', rules: [] };
const jumps: Jumps = {
  kind: 'jumps',
  family: 'IPv4',
  table: 'nat',
  chain: 'PREROUTING',
  rules: [['-j', 'KUBE-SERVICES']],
};
const connections = (active: number, inactive = 0): Connections => ({ active, inactive });
const connectionsOf = (server: RealServer, active: number): Finding => ({
  kind: 'connections',
  realServer: keyOf(server),
  ...connections(active),
});

const shareable = (...elements: readonly Element[]): SharedElements => {
  const byKey = nodeState(elements);
  return {
    find: key => {
      const element = byKey.get(key);
      return element && { key, element };
    },
  };
};

function trackerOf(findings: Iterable<Finding>, desired?: SharedElements): DeltaTracker {
  const tracker = new DeltaTracker(desired);
  tracker.replaceActual(findings);
  return tracker;
}

const elementsIn = (tracker: DeltaTracker): readonly Element[] => [...tracker.whole().state.values()];

/** Returns what the tracker has after reading one element, if another one is desired. */
const readBeside = (read: Element, desired: Element): Element | undefined =>
  trackerOf([read], shareable(desired)).whole().state.get(keyOf(read));

describe('an element that was read', () => {
  test('shares the object of the desired element if both are equal', () => {
    for (const desired of [entry('10.96.0.1,tcp:80'), realServer()])
      expect(readBeside(structuredClone(desired), desired)).toBe(desired);
  });

  test('is tracked as it was read if it is not desired', () => {
    const read = entry('10.96.0.2,tcp:80');
    expect(readBeside(read, entry('10.96.0.1,tcp:80'))).toBe(read);
  });

  test.each([
    ['weight', { weight: 0 }],
    ['forwarding', { forwarding: 'route' }],
    ['forwarding that counts as equal in comparisons', { forwarding: 'local' }],
  ] as const)('is tracked as it was read if it is a real server with another %s', (_, part) => {
    const read = realServer(part);
    expect(readBeside(read, realServer())).toBe(read);
  });

  test('is also tracked if nothing is desired', () => {
    const read = realServer();
    expect(elementsIn(trackerOf([read]))).toEqual([read]);
  });

  test('is forgotten when the node is read again', () => {
    const tracker = trackerOf([set, entry('10.96.0.1,tcp:80'), realServer(), connectionsOf(realServer(), 1), jumps]);
    tracker.replaceActual([chain]);
    expect(tracker.whole()).toEqual({ ...emptyNode, state: nodeState([chain]) });
    expect(tracker.part([keyOf(realServer())]).state).toEqual(nodeState([chain]));
  });
});

describe('of two elements with one key', () => {
  test('the last wins', () => {
    const last = realServer({ weight: 2 });
    expect(elementsIn(trackerOf([realServer(), last]))).toEqual([last]);
  });

  test('one that differs from the desired element wins, whether it is read first or last', () => {
    const desired = realServer();
    const different = realServer({ weight: 0 });
    for (const findings of [
      [structuredClone(desired), different],
      [different, structuredClone(desired)],
    ])
      expect(elementsIn(trackerOf(findings, shareable(desired)))).toEqual([different]);
  });

  test('both share the desired element if they are equal to it, and no other element is missed', () => {
    const [desired, missing] = [realServer(), entry('10.96.0.1,tcp:80')];
    const tracker = trackerOf([realServer(), realServer()], shareable(desired, missing));
    expect(elementsIn(tracker)).toEqual([desired]);
    expect(elementsIn(tracker)[0]).toBe(desired);
    expect(tracker.whole().state.has(keyOf(missing))).toBe(false);
  });
});

test('a node with more than the desired elements has all of them', () => {
  const desired = [entry('10.96.0.1,tcp:80'), realServer()];
  const foreign = entry('10.96.0.9,tcp:80');
  const { state } = trackerOf([...structuredClone(desired), foreign], shareable(...desired)).whole();
  expect([...state]).toEqual([...desired, foreign].map(element => [keyOf(element), element]));
  for (const element of [...desired, foreign]) expect(state.get(keyOf(element))).toBe(element);
  expect(state.has('entry KUBE-CLUSTER-IP 10.96.0.8,tcp:80')).toBe(false);
});

test('reading the same node again shares the same elements again', () => {
  const desired = [entry('10.96.0.1,tcp:80'), realServer()];
  const tracker = trackerOf([], shareable(...desired));
  for (let times = 0; times < 3; times += 1) {
    tracker.replaceActual(structuredClone(desired));
    for (const element of desired) expect(tracker.whole().state.get(keyOf(element))).toBe(element);
  }
  tracker.replaceActual(structuredClone(desired.slice(1)));
  expect(elementsIn(tracker)).toEqual(desired.slice(1));
});

describe('connections and foreign rules', () => {
  const foreignRules: Finding = { kind: 'foreign-rules', jumps: keyOf(jumps), rules: ['-j DROP'] };

  test('are tracked beside the elements, which are shared all the same', () => {
    const desired = realServer();
    const tracker = trackerOf([realServer(), connectionsOf(desired, 2), jumps, foreignRules], shareable(desired));
    const { state, connections: counted, foreignRules: rules } = tracker.whole();
    expect(state.get(keyOf(desired))).toBe(desired);
    expect(counted.get(keyOf(desired))).toMatchObject(connections(2));
    expect(rules).toEqual(new Map([[keyOf(jumps), ['-j DROP']]]));
  });

  test('are part of every part of the node', () => {
    const part = trackerOf([realServer(), connectionsOf(realServer(), 2), jumps, foreignRules]).part([]);
    expect(part.connections.size).toBe(1);
    expect(part.foreignRules.size).toBe(1);
  });

  test('new counts replace all earlier ones', () => {
    const [one, other] = [realServer(), realServer({ address: '10.244.1.2' })];
    const tracker = trackerOf([one, other, connectionsOf(one, 2), connectionsOf(other, 3)]);
    tracker.countConnections(new Map([[keyOf(other), connections(1)]]));
    expect(tracker.whole().connections).toEqual(new Map([[keyOf(other), connections(1)]]));
  });

  test('foreign rules are no longer before the jumps once those have been moved to the top', () => {
    const tracker = trackerOf([jumps, foreignRules]);
    const plan = [{ verb: 'change', before: jumps, after: jumps, behind: ['-j DROP'] }] as const;
    tracker.applied(plan, tracker.whole());
    expect(tracker.whole().foreignRules.size).toBe(0);
  });
});

describe('a part of the node', () => {
  test('has the elements with the given keys, and all that belong to no single Service', () => {
    const [one, other] = [entry('10.96.0.1,tcp:80'), entry('10.96.0.2,tcp:80')];
    const tracker = trackerOf([set, one, other, chain, jumps, realServer()]);
    const { state } = tracker.part([keyOf(other), 'entry KUBE-CLUSTER-IP 10.96.0.9,tcp:80']);
    expect(state).toEqual(nodeState([set, chain, jumps, other]));
  });
});

describe('an applied plan', () => {
  test('adds, changes and removes elements, in the whole node and in parts of it', () => {
    const [added, removed] = [entry('10.96.0.1,tcp:80'), entry('10.96.0.2,tcp:80')];
    const changed = realServer({ weight: 0 });
    const tracker = trackerOf([set, removed, realServer()]);
    tracker.applied(
      [
        { verb: 'add', after: added },
        { verb: 'add', after: chain },
        { verb: 'change', before: realServer(), after: changed },
        { verb: 'remove', before: removed },
      ],
      tracker.whole(),
    );
    expect(tracker.whole().state).toEqual(nodeState([set, changed, added, chain]));
    expect(tracker.part([]).state).toEqual(nodeState([set, chain]));
    tracker.applied([{ verb: 'remove', before: chain }], tracker.whole());
    expect(tracker.part([]).state).toEqual(nodeState([set]));
  });

  test.each([
    ['set', set, [entry('10.96.0.1,tcp:80'), entry('10.96.0.2,tcp:80')]],
    [
      'virtual server',
      {
        kind: 'virtual-server',
        protocol: 'TCP',
        address: '10.96.0.1',
        port: 80,
        scheduler: 'rr',
        flags: [],
        persistence: undefined,
      },
      [realServer(), realServer({ address: '10.244.1.2' })],
    ],
    [
      'device',
      { kind: 'link', name: 'kube-ipvs0', type: 'dummy' },
      [{ kind: 'address', link: 'kube-ipvs0', address: '10.96.0.1', prefix: 32 }],
    ],
  ] as const satisfies readonly (readonly [string, Element, readonly Element[]])[])(
    'that removes a %s removes everything in it',
    (_, container, contents) => {
      const tracker = trackerOf([container, ...contents, chain]);
      tracker.applied([{ verb: 'remove', before: container }], tracker.whole());
      expect(elementsIn(tracker)).toEqual([chain]);
    },
  );

  test('that recreates a set keeps only the entries that it adds again', () => {
    const [lost, added] = [entry('10.96.0.1,tcp:80'), entry('10.96.0.2,tcp:80')];
    const larger = { ...set, maximum: 131_072 };
    const tracker = trackerOf([set, lost, added]);
    tracker.applied(
      [
        { verb: 'change', before: set, after: larger },
        { verb: 'add', after: added },
      ],
      tracker.whole(),
    );
    expect(tracker.whole().state).toEqual(nodeState([larger, added]));
    expect(tracker.part([]).state).toEqual(nodeState([larger]));
  });

  test('leaves no temporary set, which is added and removed with its entries', () => {
    const temporary = { ...set, name: 'KUBE+CLUSTER-IP' };
    const copy: Element = { kind: 'entry', set: temporary.name, value: '10.96.0.1,tcp:80' };
    const tracker = trackerOf([set, entry('10.96.0.1,tcp:80')]);
    tracker.applied(
      [
        { verb: 'add', after: temporary },
        { verb: 'add', after: copy },
        { verb: 'remove', before: temporary },
      ],
      tracker.whole(),
    );
    expect(elementsIn(tracker)).toEqual([set, entry('10.96.0.1,tcp:80')]);
  });

  test('leaves the tracker with what a reading of the node would find, for any cluster and any state of the node', () =>
    fc.assert(
      fc.asyncProperty(situation, async ([cluster, options, actual]) => {
        const node = fakeNode(kernelOf(actual));
        const { facts, findings } = await readNode(node);
        const ledger = ledgerOf(cluster, options, facts);
        const tracker = trackerOf(findings, ledger);
        const { plan } = reconcile({ ledger, actual: tracker.whole(), coverage: wholeCoverage, options, facts });
        await applyPlan(node, plan);
        tracker.applied(plan, tracker.whole());
        expect(programmedText(tracker)).toEqual(programmedText(trackerOf((await readNode(node)).findings)));
      }),
      parameters,
    ));
});

/** Returns what a tracker has, except modules, flows, and kernel parameters that a module adds and no plan has. */
const programmedText = (tracker: DeltaTracker): readonly string[] => {
  const { state, foreignRules } = tracker.whole();
  return stateText(state, foreignRules).filter(line => !/"kind":"(sysctl|ipvs-timeouts|module|flow)"/.test(line));
};
