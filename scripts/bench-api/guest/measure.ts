import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.js';
import { type Contestant, watchesOf } from './contestant.js';
import { beatHearts, flipReadiness } from './fill.js';
import { type Measurement, type OneShot, type Phase, phases, type Traffic } from './job.js';
import { nodeNameOf } from './node-object.js';

interface Contest {
  readonly api: Api;
  readonly kproxy: Contestant;
  readonly kubeProxy: Contestant;
  /** Returns kproxy's command line for a command that ends. */
  readonly oneShot: (command: OneShot) => readonly string[];
  readonly report: (text: string) => void;
}

type Pair = Readonly<Record<'kproxy' | 'kubeProxy', Traffic>>;

const flips = 10;

/** Measures both programs in a cluster with so many Nodes. They follow the same cluster at the same time. */
export async function measure(contest: Contest, nodes: number): Promise<Measurement> {
  const { api, report } = contest;
  const phase = async (name: Phase, work: () => Promise<void>): Promise<Pair> => {
    const traffic = await measurePhase(contest, work);
    report(`${nodes} nodes: ${name}: kproxy ${traffic.kproxy.bytes}, kube-proxy ${traffic.kubeProxy.bytes} bytes`);
    return traffic;
  };
  const pairs: [Phase, Pair][] = [];
  const work: Readonly<Record<Phase, () => Promise<void>>> = {
    lists: () => startBoth(contest),
    heartbeats: () => beatHearts(api, nodes, new Date().toISOString()),
    flips: () => flipReadiness(api, flips),
    renewal: () => cutBoth(contest, pairs[0]?.[1]),
    'later heartbeats': () => beatHearts(api, nodes, new Date().toISOString()),
    'later flips': () => flipReadiness(api, flips),
    'quiet minute': () => sleep(60_000),
  };
  for (const name of phases) pairs.push([name, await phase(name, work[name])]);
  const of = (name: keyof Pair) =>
    Object.fromEntries(pairs.map(([phase, pair]) => [phase, pair[name]])) as Record<Phase, Traffic>;
  for (const contestant of [contest.kproxy, contest.kubeProxy]) await contestant.end();
  return {
    nodes,
    nodeBytes: JSON.stringify(await api.get(`/api/v1/nodes/${nodeNameOf(0)}`)).length,
    kproxy: of('kproxy'),
    kubeProxy: of('kubeProxy'),
    oneShots: await measureOneShots(contest),
  };
}

async function measurePhase({ kproxy, kubeProxy }: Contest, work: () => Promise<void>): Promise<Pair> {
  for (const contestant of [kproxy, kubeProxy]) contestant.reset();
  await work();
  for (const contestant of [kproxy, kubeProxy]) await contestant.untilQuiet();
  // Both have handled what they got, and the node is as it was before the flips.
  for (const contestant of [kproxy, kubeProxy]) await contestant.untilSynced();
  return { kproxy: kproxy.traffic(), kubeProxy: kubeProxy.traffic() };
}

async function startBoth({ kproxy, kubeProxy }: Contest): Promise<void> {
  for (const contestant of [kproxy, kubeProxy]) {
    contestant.start();
    await contestant.untilSynced();
  }
}

/** Ends the connections, and waits until both programs have as many watches as they began with. */
async function cutBoth({ kproxy, kubeProxy }: Contest, start: Pair | undefined): Promise<void> {
  for (const contestant of [kproxy, kubeProxy]) contestant.cut();
  await kproxy.untilWatching(watchesOf(start?.kproxy.requests ?? []));
  await kubeProxy.untilWatching(watchesOf(start?.kubeProxy.requests ?? []));
}

/** Measures commands that end, on the node that `sync --watch` has programmed. */
async function measureOneShots({ kproxy, oneShot }: Contest): Promise<Measurement['oneShots']> {
  const measureOne = async (command: OneShot): Promise<Traffic> => {
    kproxy.reset();
    await kproxy.run(oneShot(command));
    return kproxy.traffic();
  };
  return { sync: await measureOne('sync'), diff: await measureOne('diff') };
}
