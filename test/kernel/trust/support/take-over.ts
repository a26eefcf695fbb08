import { expect } from 'vitest';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { kproxy } from '../../support/kproxy.js';
import { node } from './network.js';
import { clusterDocument, fromStdin } from './services.js';
import { apiServer, flows, handling, services } from './shop.js';
import { slowTools } from './slow-tools.js';
import { converse, countOf, startTraffic, wrongOutcomes } from './traffic.js';

const cluster = clusterDocument([apiServer, ...Object.values(services)]);

interface Difference {
  readonly change: string;
  readonly kind: string;
  readonly description: string;
}

/** Returns what `kproxy diff -o json` finds. */
export function differencesIn(stdout: string): readonly Difference[] {
  return (JSON.parse(stdout) as { readonly differences: readonly Difference[] }).differences;
}

/**
 * Checks what differs on a node that kube-proxy programmed: kube-proxy keeps chains and empty sets that no Service
 * needs. Virtual servers, real servers, addresses, entries and kernel parameters are the same.
 */
export function expectOnlyUnusedParts(differences: readonly Difference[]): void {
  const kinds = new Set(differences.map(({ change, kind }) => `${change} ${kind}`));
  expect(['change chain', 'change jumps', 'remove chain', 'remove jumps', 'remove set']).toEqual(
    expect.arrayContaining([...kinds]),
  );
}

/**
 * Lets kproxy take over the node while connections are open, and new ones are opened at every command and between all
 * lines.
 */
export async function expectTakeoverUnderTraffic(sandbox: Sandbox, whenUnderTraffic = async () => {}): Promise<void> {
  const traffic = await startTraffic(sandbox, flows, 1);
  const open = await converse(sandbox, flows);
  const before = await open.ask();
  await whenUnderTraffic();
  const diff = await kproxy(sandbox, node, fromStdin('diff', '-o', 'json'), cluster);
  expectOnlyUnusedParts(differencesIn(diff.stdout));

  const earlier = await traffic.part();
  const slow = await slowTools(sandbox, { parts: 'lines', connections: 20 });
  const sync = await slow.kproxy(node, fromStdin('sync'), cluster);
  const meanwhile = await traffic.part();
  expect(sync).toMatchObject({ stderr: '', exitCode: 0 });
  expect(await open.ask()).toEqual(before);
  const later = await traffic.end();

  for (const tally of [earlier, meanwhile, later])
    expect(wrongOutcomes(tally, flows, flow => [handling(flow)])).toEqual({});
  expect(Object.keys(meanwhile)).toHaveLength(flows.length);
  expect(countOf(meanwhile)).toBeGreaterThanOrEqual(1_000);
  expect(await open.ask()).toEqual(before);
  await open.close();
  const again = await kproxy(sandbox, node, fromStdin('sync'), cluster);
  expect(again).toMatchObject({ stdout: 'node node: in sync, nothing changed\n', stderr: '', exitCode: 0 });
}
