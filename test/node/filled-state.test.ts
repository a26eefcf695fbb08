import { describe, expect, test } from 'vitest';
import { type Element, noConnections, type RealServer } from '../../src/node/element.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { filledState, fillWith, type Known } from '../../src/node/state.js';

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

/** What reading this gives where that is known. */
function readBeside(read: Element, known: Element): Element | undefined {
  const key = keyOf(known);
  const state = filledState([fillWith([read])], {
    size: 1,
    find: asked => (asked === key ? { key, element: known } : undefined),
  });
  return state.get(keyOf(read));
}

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
  const known: Known = {
    size: wanted.length,
    find: key => {
      const element = wanted.find(one => keyOf(one) === key);
      return element && { key, element };
    },
  };
  const foreign = entry('10.96.0.9,tcp:80');
  const holds = (...elements: readonly Element[]) => filledState([fillWith(elements)], known).holds === known;

  test('and one that has more does, too', () => {
    expect(holds(...structuredClone(wanted), foreign)).toBe(true);
  });

  test.each([
    ['lacks one', wanted.slice(1)],
    ['has another in the place of one', [foreign, ...wanted.slice(1)]],
    ['has one that is not as it should be', [entry('10.96.0.1,tcp:80'), real({ weight: 0 })]],
    ['has one with connections', [entry('10.96.0.1,tcp:80'), real({ connections: { active: 1, inactive: 0 } })]],
    ['lists one twice and lacks another', [real(), real()]],
    ['lists one twice, and the later is not as it should be', [...wanted, real({ weight: 0 })]],
  ] as const)('one that %s does not', (_, elements) => {
    expect(holds(...structuredClone(elements))).toBe(false);
  });
});
