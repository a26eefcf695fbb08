import { describe, expect, test } from 'vitest';
import { output, useSandbox } from './support/guest.js';
import { programmedState } from './support/node-state.js';
import {
  defaultCases,
  newNode,
  otherOptionsCase,
  type RecordedCase,
  referenceState,
  removeNode,
  scriptCase,
  syncCase,
} from './support/parity-node.js';
import { walkOver } from './support/walk.js';

const inSync = 'node node-a: in sync, nothing changed\n';
/** Another seed is another walk: KPROXY_SEED=7. */
const seed = Number(process.env.KPROXY_SEED ?? 1);
const steps = Number(process.env.KPROXY_WALK_STEPS ?? 20);

describe('on a real kernel', () => {
  const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6'])));

  test.each([...defaultCases, otherOptionsCase])(
    'sync, the steps script and the batch script leave the state of kube-proxy: $name',
    async recorded => {
      const nodes = ['by-sync', 'by-steps', 'by-batch'] as const;
      for (const node of nodes) await newNode(sandbox(), node);
      await syncCase(sandbox(), 'by-sync', recorded);
      expect(await syncCase(sandbox(), 'by-sync', recorded)).toBe(inSync);
      await scriptCase(sandbox(), 'by-steps', 'steps', recorded);
      await scriptCase(sandbox(), 'by-batch', 'batch', recorded);

      const state = await programmedState(sandbox(), 'by-sync');
      expect(await programmedState(sandbox(), 'by-steps')).toEqual(state);
      expect(await programmedState(sandbox(), 'by-batch')).toEqual(state);
      expect(state).toEqual({ ...referenceState(recorded), rules: state.rules });
      for (const node of nodes) await removeNode(sandbox(), node);
    },
    120_000,
  );

  const rulesFromNothing = new Map<string, Promise<readonly string[]>>();
  async function rulesOf(recorded: RecordedCase): Promise<readonly string[]> {
    await newNode(sandbox(), 'fresh');
    await syncCase(sandbox(), 'fresh', recorded);
    const { rules } = await programmedState(sandbox(), 'fresh');
    await removeNode(sandbox(), 'fresh');
    return rules;
  }

  test(`one kernel goes from case to case (seed ${seed}, ${steps} steps) and has the state of each`, async () => {
    await newNode(sandbox(), 'walker');
    for (const recorded of walkOver(defaultCases, { seed, steps })) {
      await syncCase(sandbox(), 'walker', recorded);
      const { rules, ...state } = await programmedState(sandbox(), 'walker');
      expect({ name: recorded.name, ...state }).toEqual({ name: recorded.name, ...referenceState(recorded) });
      if (!rulesFromNothing.has(recorded.name)) rulesFromNothing.set(recorded.name, rulesOf(recorded));
      expect(rules).toEqual(await rulesFromNothing.get(recorded.name));
    }
  }, steps * 15_000);
});
