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

/**
 * The cases in which the steps script runs too. Together they have every kind of element, and so every kind of step.
 * The steps of all cases would take two minutes.
 */
const withSteps = ['dual-stack', 'external-ips', 'load-balancer', 'multi-port', 'node-port', 'session-affinity'];
/** Those in which each script runs twice. The steps of the others are of the same kinds, and many more. */
const twice = ['dual-stack', 'external-ips', 'session-affinity'];

const inSync = 'node node-a: in sync, nothing changed\n';

describe('on a real kernel', () => {
  const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6'])));

  test.each([...defaultCases, otherOptionsCase])(
    'sync and the scripts leave the state of kube-proxy: $name',
    async recorded => {
      const hasSteps = withSteps.includes(recorded.name);
      const forms = hasSteps ? (['steps', 'batch'] as const) : (['batch'] as const);
      const nodes = ['by-sync', ...forms.map(form => `by-${form}`)];
      const times = twice.includes(recorded.name) ? 2 : 1;
      for (const node of nodes) await newNode(sandbox(), node);
      await syncCase(sandbox(), 'by-sync', recorded);
      if (times > 1) expect(await syncCase(sandbox(), 'by-sync', recorded)).toBe(inSync);
      for (const form of forms) await scriptCase(sandbox(), `by-${form}`, form, recorded, times);

      const state = await programmedState(sandbox(), 'by-sync');
      for (const form of forms) expect(await programmedState(sandbox(), `by-${form}`)).toEqual(state);
      expect(state).toEqual({ ...referenceState(recorded), rules: state.rules });
      for (const node of nodes) await removeNode(sandbox(), node);
    },
    120_000,
  );
});
