import { describe, expect, test } from 'vitest';
import { allCases } from '../support/all-cases.js';
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

/** How a case is run on nodes of their own, besides sync. */
interface Run {
  readonly forms: readonly ('steps' | 'batch')[];
  /** How often each script and sync run. */
  readonly times: 1 | 2;
}

/**
 * The cases of each run. The first has every kind of element and rule that any case has, so that the others add kinds
 * of steps: a steps script of the first one would start a thousand processes.
 */
const runs: Readonly<Record<string, Run>> = {
  'all-together': { forms: ['batch'], times: 2 },
  // Another scheduler, other rules and parameters.
  [otherOptionsCase.name]: { forms: ['batch'], times: 1 },
  // The tools of both families.
  'dual-stack': { forms: ['steps'], times: 2 },
  // Sets of every type but the next one's. External IPs have no other types and tools.
  'load-balancer': { forms: ['steps'], times: 1 },
  // Ports in bitmaps, and SCTP.
  'node-port': { forms: ['steps'], times: 1 },
  // Virtual servers with persistence.
  'session-affinity': { forms: ['steps'], times: 2 },
};

/** Those with KPROXY_ALL_CASES: the further ones, and the other script of those above. */
const furtherRuns: Readonly<Record<string, Run>> = Object.fromEntries(
  defaultCases.map(({ name }): [string, Run] => {
    const hasSteps =
      name !== 'all-together' && (runs[name] !== undefined || ['external-ips', 'multi-port'].includes(name));
    return [name, { forms: hasSteps ? ['steps', 'batch'] : ['batch'], times: runs[name]?.times ?? 1 }];
  }),
);

const all = [...defaultCases, otherOptionsCase].flatMap(recorded => {
  const run = (allCases ? furtherRuns[recorded.name] : undefined) ?? runs[recorded.name];
  return run === undefined ? [] : [{ ...recorded, ...run }];
});

const inSync = 'node node-a: in sync, nothing changed\n';

describe('on a real kernel', () => {
  const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6'])));

  test('every case that is named here exists', () => {
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(runs)));
  });

  test.each(all)(
    'sync and the scripts leave the state of kube-proxy: $name',
    async ({ forms, times, ...recorded }) => {
      const nodes = ['by-sync', ...forms.map(form => `by-${form}`)];
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
