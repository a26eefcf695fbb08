import { describe, expect, test } from 'vitest';
import { type Element, noConnections, type RealServer } from '../../src/node/element.js';
import { filledState, fillWith, type Keyed, type Known } from '../../src/node/filled-state.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { nodeState } from '../../src/node/state.js';

const entry = (value: string): Element => ({ kind: 'entry', set: 'KUBE-CLUSTER-IP', value });
const real = (part: Partial<RealServer> = {}): RealServer => ({
  kind: 'real-server',
  server: { protocol: 'TCP', address: '10.96.0.1', port: 80 },
  address: '10.244.1.1',
  port: 8080,
  weight: 1,
  forwarding: 'masquerade',
  connections: noConnections,
  ...part,
});

function knownOf(...elements: readonly Element[]): Known {
  const byKey = nodeState(elements);
  const keyed = new Map<string, Keyed>();
  byKey.forEach((element, key) => void keyed.set(key, { key, element, seen: 0 }));
  return {
    find: key => keyed.get(key),
    get: key => byKey.get(key),
    has: key => byKey.has(key),
    forEach: visit => void byKey.forEach(visit),
  };
}

/** What reading this gives where that is known. */
const readBeside = (read: Element, known: Element): Element | undefined =>
  filledState([fillWith([read])], knownOf(known)).get(keyOf(read));

test('what is known already, and alike, is not in memory twice', () => {
  const wanted = [entry('10.96.0.1,tcp:80'), real()];
  for (const known of wanted) expect(readBeside(structuredClone(known), known)).toBe(known);
});

test('what is not known is what was read', () => {
  const read = entry('10.96.0.2,tcp:80');
  expect(readBeside(read, entry('10.96.0.1,tcp:80'))).toBe(read);
});

test.each([
  ['weight', { weight: 0 }],
  ['active connections', { connections: { active: 1, inactive: 0 } }],
  ['inactive connections', { connections: { active: 0, inactive: 1 } }],
  ['forwarding', { forwarding: 'route' }],
  ['forwarding that comparing passes over', { forwarding: 'local' }],
] as const)('a real server of another %s is what was read', (_, part) => {
  const read = real(part);
  expect(readBeside(read, real())).toBe(read);
});

test('of two elements with one key the later stands', () => {
  const later = real({ weight: 2 });
  expect([...filledState([fillWith([real()]), fillWith([later])]).values()]).toEqual([later]);
});

describe('a state that holds all that is known, as it is wanted, says so', () => {
  const wanted = [entry('10.96.0.1,tcp:80'), real()];
  const known = knownOf(...wanted);
  const foreign = entry('10.96.0.9,tcp:80');
  const holds = (...elements: readonly Element[]) => filledState([fillWith(elements)], known).holds === known;

  test('and one that has more does, too, and is all of that', () => {
    const state = filledState([fillWith([...structuredClone(wanted), foreign])], known);
    expect(state.holds).toBe(known);
    expect([...state]).toEqual([...wanted, foreign].map(element => [keyOf(element), element]));
    for (const element of [...wanted, foreign]) expect(state.get(keyOf(element))).toBe(element);
    expect(state.has('entry KUBE-CLUSTER-IP 10.96.0.8,tcp:80')).toBe(false);
  });

  test('each time it is read', () => {
    for (let times = 0; times < 3; times += 1) expect(holds(...structuredClone(wanted))).toBe(true);
    expect(holds(...structuredClone(wanted.slice(1)))).toBe(false);
  });

  test.each([
    ['lacks one', wanted.slice(1)],
    ['has another in the place of one', [foreign, ...wanted.slice(1)]],
    ['has one that is not as it should be', [entry('10.96.0.1,tcp:80'), real({ weight: 0 })]],
    ['has one with connections', [entry('10.96.0.1,tcp:80'), real({ connections: { active: 1, inactive: 0 } })]],
    ['lists one twice and lacks another', [real(), real()]],
    ['lists one twice, and the later is not as it should be', [...wanted, real({ weight: 0 })]],
    ['lists one twice, and the earlier is not as it should be', [real({ weight: 0 }), ...wanted]],
  ] as const)('one that %s does not', (_, elements) => {
    expect(holds(...structuredClone(elements))).toBe(false);
  });
});
