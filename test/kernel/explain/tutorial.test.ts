import { describe, expect, test } from 'vitest';
import { askInTurn } from '../packets/support/table.js';
import { allAreServed, flows, type Outcomes, servedByTutorial, topology } from '../packets/support/tutorial-flows.js';
import {
  type Step,
  stepsBeyondTheTutorial,
  stepsOfTheNetwork,
  stepsOfTheTutorial,
} from '../packets/support/tutorial-steps.js';
import { tutorialCluster, useWorkers } from '../packets/support/workers.js';
import { snapshotText } from '../support/snapshot-text.js';
import { type AskedOfSnapshot, type ExplainedFlow, explainClient } from './support/causes.js';
import { outcomesOf } from './support/explained.js';

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

function describeProfile(profile: 'full' | 'tutorial', served: Outcomes, steps: readonly Step[]): void {
  describe(`on a worker programmed by kproxy sync with the ${profile} profile, explain`, () => {
    const { sandbox, putBack } = useWorkers(profile);
    const read = async (): Promise<AskedOfSnapshot> => {
      // The bridge learns the port of a Pod from its packets.
      await askInTurn(
        sandbox(),
        flows.filter(({ from }) => from.endsWith('-inajob')),
        1,
      );
      const snapshot = await snapshotText(sandbox(), 'inajob');
      return { snapshot, cluster: tutorialCluster, proxy: { profile } };
    };
    const explainAll = async (asked: AskedOfSnapshot) =>
      Object.fromEntries(
        await Promise.all(
          clients.map(async ({ name, target, source }) => [name, await explainClient(asked, target, source)] as const),
        ),
      ) as Readonly<Record<string, ExplainedFlow>>;
    const expectOutcomes = (explained: Readonly<Record<string, ExplainedFlow>>, outcomes: Outcomes) => {
      const all = clients.map(({ name }) => [name, said(explained[name] as ExplainedFlow)] as const);
      expect(all).toEqual(clients.map(({ name }) => [name, expected(outcomes, name)]));
    };

    test('says what every client gets, and has no cause for what is as it should be', async () => {
      const asked = await read();
      const explained = await explainAll(asked);
      expectOutcomes(explained, served);
      const causes = Object.entries(explained).filter(([, { verdict, cause }]) => verdict === 'answered' && cause);
      expect(causes).toEqual([]);
    });

    test.each(steps)('says what every client gets without $name, and names it', async step => {
      await step.leaveOut(sandbox(), 'inajob');
      const asked = await read().finally(putBack);
      const without = profile === 'full' ? step.without : (step.withoutInTheTutorial ?? step.without);
      const explained = await explainAll(asked);
      expectOutcomes(explained, { ...served, ...without });
      const suffers = ({ name }: PassingClient) =>
        !isSame(expected({ ...served, ...without }, name), expected(served, name));
      const causes = clients
        .filter(suffers)
        .map(({ name }) => [name, explained[name]?.cause?.summary ?? 'none'] as const);
      expect(causes.length).toBeGreaterThan(0);
      expect(causes).toEqual(causes.map(([name]) => [name, expect.stringMatching(causeFor(name, step))]));
    });
  });
}

/** No rule of kproxy accepts packets that another node has balanced, if a policy drops them. */
const causeFor = (name: string, { cause }: Step): RegExp =>
  passing.some(client => client.name === name)
    ? new RegExp(`${cause.source}|^The policy of FORWARD in iptables -t filter is DROP`)
    : cause;

describeProfile('full', allAreServed, [...stepsOfTheTutorial, ...stepsBeyondTheTutorial, ...stepsOfTheNetwork]);
describeProfile('tutorial', servedByTutorial, stepsOfTheTutorial);
