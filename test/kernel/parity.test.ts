import { describe, expect, test } from 'vitest';
import { output, useSandbox } from './support/guest.js';
import { programmedState } from './support/node-state.js';
import {
  defaultCases,
  newNode,
  otherOptionsCase,
  referenceState,
  removeNode,
  scriptCase,
  syncCase,
} from './support/parity-node.js';

/** The cases in which scripts run twice. Together they have every kind of element, and so every kind of step. */
const twice = ['all-together', 'dual-stack', 'load-balancer', 'session-affinity'];

const inSync = 'node node-a: in sync, nothing changed\n';

describe('on a real kernel', () => {
  const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6'])));

  test.each([...defaultCases, otherOptionsCase])(
    'sync, the steps script and the batch script leave the state of kube-proxy: $name',
    async recorded => {
      const nodes = ['by-sync', 'by-steps', 'by-batch'] as const;
      const times = twice.includes(recorded.name) ? 2 : 1;
      for (const node of nodes) await newNode(sandbox(), node);
      await syncCase(sandbox(), 'by-sync', recorded);
      if (times > 1) expect(await syncCase(sandbox(), 'by-sync', recorded)).toBe(inSync);
      await scriptCase(sandbox(), 'by-steps', 'steps', recorded, times);
      await scriptCase(sandbox(), 'by-batch', 'batch', recorded, times);

      const state = await programmedState(sandbox(), 'by-sync');
      expect(await programmedState(sandbox(), 'by-steps')).toEqual(state);
      expect(await programmedState(sandbox(), 'by-batch')).toEqual(state);
      expect(state).toEqual({ ...referenceState(recorded), rules: state.rules });
      for (const node of nodes) await removeNode(sandbox(), node);
    },
    120_000,
  );
});
