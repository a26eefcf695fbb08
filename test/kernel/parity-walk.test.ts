import { describe, expect, test } from 'vitest';
import { output, useSandbox } from './support/guest.js';
import { programmedState } from './support/node-state.js';
import {
  defaultCases,
  newNode,
  type RecordedCase,
  referenceState,
  removeNode,
  syncCase,
} from './support/parity-node.js';
import { walkOver } from './support/walk.js';

/** KPROXY_SEED selects the walk. With 183 steps or more, every case is reached from every other one. */
const seed = Number(process.env.KPROXY_SEED ?? 1);
const steps = Number(process.env.KPROXY_WALK_STEPS ?? 3);

describe('on a real kernel', () => {
  const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6'])));

  const rulesFromNothing = new Map<string, Promise<readonly string[]>>();
  async function rulesOf(recorded: RecordedCase): Promise<readonly string[]> {
    await newNode(sandbox(), 'fresh');
    await syncCase(sandbox(), 'fresh', recorded);
    const { rules } = await programmedState(sandbox(), 'fresh');
    await removeNode(sandbox(), 'fresh');
    return rules;
  }

  test(
    `one kernel is programmed for case after case (seed ${seed}, ${steps} steps) and gets the state of each`,
    async () => {
      await newNode(sandbox(), 'walker');
      for (const recorded of walkOver(defaultCases, { seed, steps })) {
        await syncCase(sandbox(), 'walker', recorded);
        const { rules, ...state } = await programmedState(sandbox(), 'walker');
        expect({ name: recorded.name, ...state }).toEqual({ name: recorded.name, ...referenceState(recorded) });
        if (!rulesFromNothing.has(recorded.name)) rulesFromNothing.set(recorded.name, rulesOf(recorded));
        expect(rules).toEqual(await rulesFromNothing.get(recorded.name));
      }
    },
    steps * 15_000,
  );
});
