import { expect, test } from 'vitest';
import { type Element, noConnections, type RealServer } from '../../src/node/element.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { filledState, fillWith } from '../../src/node/state.js';

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
