import { expect, test } from 'vitest';
import { allCases } from '../../support/all-cases.js';
import { output, useSandbox } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { programmedState } from '../support/node-state.js';
import {
  defaultCases,
  newNode,
  otherOptionsCase,
  referenceState,
  removeNode,
  syncCase,
} from '../support/parity-node.js';
import { readDump, restoreDump } from './support/node-dump.js';
import { differencesIn, expectOnlyUnusedParts } from './support/take-over.js';

const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6'])));

/**
 * Which of kube-proxy's nodes are taken over: the one with every kind of element, and the one with hardly any, on which
 * most of what kube-proxy keeps is unused. The rest, whose elements the first one has too, only with KPROXY_ALL_CASES.
 */
const names = ['all-together', 'not-proxied'];
const cases = allCases ? defaultCases : defaultCases.filter(({ name }) => names.includes(name));

test('every case that is named here exists', () => {
  expect(cases.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
});

test.each([...cases, otherOptionsCase])(
  'on a node that kube-proxy programmed, diff finds only unused parts, and sync removes them: $name',
  async recorded => {
    await newNode(sandbox(), 'taken');
    await restoreDump(sandbox(), 'taken', readDump(recorded.reference));
    const diff = await kproxy(sandbox(), 'taken', ['diff', '-o', 'json', '--from', recorded.from, ...recorded.options]);
    expect(diff).toMatchObject({ stderr: '', exitCode: 1 });
    expectOnlyUnusedParts(differencesIn(diff.stdout));

    expect(await syncCase(sandbox(), 'taken', recorded)).toMatch(/^node node-a: 0 added, \d+ changed, \d+ removed\n$/);
    const { rules, ...state } = await programmedState(sandbox(), 'taken');
    expect(state).toEqual(referenceState(recorded));
    await removeNode(sandbox(), 'taken');
  },
);
