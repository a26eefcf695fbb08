import { expect } from 'vitest';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { flows, type Outcomes, topology } from '../../packets/support/tutorial-flows.js';
import type { Step } from '../../packets/support/tutorial-steps.js';
import { tutorialCluster } from '../../packets/support/workers.js';
import { snapshotText } from '../../support/snapshot-text.js';
import { type AskedOfSnapshot, type ExplainedFlow, explainClient } from './causes.js';
import { outcomesOf } from './explained.js';

const machines = [...topology.nodes, ...topology.pods, ...topology.clients];
const addressOf = (name: string): string =>
  machines.find(machine => machine.name === name)?.addresses[0]?.split('/')[0] ?? name;
const nameOf = (address: string): string =>
  topology.pods.find(pod => pod.addresses[0]?.startsWith(`${address}/`))?.name ?? 'inajob';

/** A client whose packets pass inajob, and what they are to. */
interface PassingClient {
  /** The name of its flow in the table. */
  readonly name: string;
  readonly target: string;
  /** The client, as `--source` has it. */
  readonly source: string;
}

/** The Service packets of clients that inajob's IPVS balances. */
const balanced: readonly PassingClient[] = flows
  .filter(({ from }) => ['inajob', 'client-inajob', 'web-inajob', 'outside'].includes(from))
  .map(({ name, from, address, port }) => ({
    name,
    target: `${address}:${port}`,
    source: from === 'inajob' ? 'node' : addressOf(from),
  }));

/** The Service packets of yuanying's clients reach inajob as packets to the backend. */
const passing: readonly PassingClient[] = [
  { name: 'yuanying', target: '10.244.1.3:8080', source: addressOf('yuanying') },
  { name: 'web-yuanying', target: '10.244.1.3:8080', source: addressOf('web-yuanying') },
];

const clients = [...balanced, ...passing];
const names = { server: nameOf, source: (address: string) => address };
const said = (flow: ExplainedFlow): readonly string[] => outcomesOf(flow, names);
/** Only the part of inajob's backend concerns inajob, if the client's packets are balanced elsewhere. */
function expected(outcomes: Outcomes, name: string): readonly string[] {
  const all = outcomes[name] ?? [];
  if (balanced.some(client => client.name === name)) return [...new Set(all)].sort();
  return [all.find(outcome => outcome.startsWith('web-inajob')) ?? 'timeout'];
}

const isSame = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();

type ExplainedFlows = Readonly<Record<string, ExplainedFlow>>;

/** Reads inajob as it is now, for `expectExplained` and `expectNamed`. */
export async function readInajob(sandbox: Sandbox, profile: 'full' | 'tutorial'): Promise<AskedOfSnapshot> {
  return { snapshot: await snapshotText(sandbox, 'inajob'), cluster: tutorialCluster, proxy: { profile } };
}

/** Expects that explain says what every client gets. Returns the flows by the clients' names. */
export async function expectExplained(asked: AskedOfSnapshot, outcomes: Outcomes): Promise<ExplainedFlows> {
  const explained: ExplainedFlows = Object.fromEntries(
    await Promise.all(
      clients.map(async ({ name, target, source }) => [name, await explainClient(asked, target, source)] as const),
    ),
  );
  const all = clients.map(({ name }) => [name, said(explained[name] as ExplainedFlow)] as const);
  expect(all).toEqual(clients.map(({ name }) => [name, expected(outcomes, name)]));
  return explained;
}

/** Expects that nothing is named as a cause where every client is served as it should be. */
export function expectNoCause(explained: ExplainedFlows): void {
  expect(Object.entries(explained).filter(([, { verdict, cause }]) => verdict === 'answered' && cause)).toEqual([]);
}

/** Expects that the step that was left out is the cause for each client that suffers. */
export function expectNamed(explained: ExplainedFlows, step: Step, served: Outcomes, without: Outcomes): void {
  const suffers = ({ name }: PassingClient) =>
    !isSame(expected({ ...served, ...without }, name), expected(served, name));
  const causes = clients.filter(suffers).map(({ name }) => [name, explained[name]?.cause?.summary ?? 'none'] as const);
  expect(causes.length).toBeGreaterThan(0);
  expect(causes).toEqual(causes.map(([name]) => [name, expect.stringMatching(causeFor(name, step))]));
}

/** No rule of kproxy accepts packets that another node has balanced, if a policy drops them. */
const causeFor = (name: string, { cause }: Step): RegExp =>
  passing.some(client => client.name === name)
    ? new RegExp(`${cause.source}|^The policy of FORWARD in iptables -t filter is DROP`)
    : cause;
