import { beforeAll, expect, test } from 'vitest';
import { requests } from '../../../src/sandbox/network/request.js';
import { outcomeOf } from '../packets/support/table.js';
import { output, useNetwork } from '../support/guest.js';
import { kproxy, kproxyProgram } from '../support/kproxy.js';
import { eventually } from '../support/processes.js';
import { after, before } from './support/before-and-after.js';
import { type DeadlyTools, deadlyTools } from './support/deadly-tools.js';
import { prepareForTraffic } from './support/machines.js';
import { node, topology } from './support/network.js';
import { dumpNode, type NodeDump, restoreDump } from './support/node-dump.js';
import { readRecording } from './support/recording.js';
import { clusterDocument, fromStdin, type ServiceDescription } from './support/services.js';
import { apiServer, flows, handling, services } from './support/shop.js';
import { kproxyOfTool, toolsInTheWay } from './support/tools-in-the-way.js';
import { type Conversations, converse, type Flow, type Handling, rightOutcomes } from './support/traffic.js';

/** A flow that is desired all the time, and the ways in which it may be handled. */
interface Wanted {
  readonly flow: Flow;
  readonly handlings: readonly Handling[];
}

const names53 = (number: number, backends: readonly string[]): Wanted => ({
  flow: { name: `names-${number}`, from: 'client', protocol: 'udp', address: `10.254.2.${number}`, port: 53 },
  handlings: [
    { backends, source: 'client' },
    { backends, source: 'node' },
  ],
});
const flowsTo = (...some: readonly string[]): readonly Wanted[] =>
  flows.filter(({ service }) => some.includes(service)).map(flow => ({ flow, handlings: [handling(flow)] }));
const localBalancer: Wanted = {
  flow: { name: 'local', from: 'outside', protocol: 'tcp', address: '203.0.113.4', port: 80 },
  handlings: [
    { backends: ['near-1'], source: 'client' },
    { backends: ['near-1', 'far-1'], source: 'node' },
  ],
};

/**
 * Which boundaries between commands are tested: every sixteenth and the last, or all with KPROXY_BOUNDARIES=all, which
 * takes minutes. The tests with the fake node always test all.
 */
const stride = process.env.KPROXY_BOUNDARIES === 'all' ? 1 : 16;

const sandbox = useNetwork(topology);
let tools: DeadlyTools;
let bare: NodeDump;
let programmed: NodeDump;

interface Scenario {
  readonly start: () => NodeDump;
  readonly argv: readonly string[];
  readonly cluster?: readonly ServiceDescription[];
  /** The flows that worked before and are still desired. */
  readonly wanted: readonly Wanted[];
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'the first sync': { start: () => bare, argv: fromStdin('sync'), cluster: before, wanted: [] },
  'a sync with new, changed and removed Services and other options': {
    start: () => programmed,
    argv: fromStdin('sync', '--ipvs-scheduler', 'wrr', '--masquerade-all', '--ipvs-strict-arp'),
    cluster: after,
    wanted: [
      ...flowsTo('shop'),
      localBalancer,
      names53(1, ['near-1', 'near-2', 'far-1']),
      names53(2, ['near-1', 'near-2', 'far-1', 'far-2']),
    ],
  },
  'a sync on a node that kube-proxy programmed': {
    start: readRecording,
    argv: fromStdin('sync'),
    cluster: [apiServer, ...Object.values(services)],
    wanted: flowsTo(...Object.keys(services)),
  },
  cleanup: { start: () => programmed, argv: ['cleanup'], wanted: [] },
};

const isRight = ({ flow, handlings }: Wanted, outcome: string): boolean =>
  handlings.some(one => rightOutcomes(flow, one).includes(outcome));

async function expectAnswers(wanted: readonly Wanted[], when: string): Promise<void> {
  const answers = await requests(
    sandbox(),
    wanted.map(({ flow }) => flow),
  );
  const wrong = wanted.flatMap((one, index) => {
    const outcome = outcomeOf(answers[index] ?? { outcome: 'timeout' });
    return isRight(one, outcome) ? [] : [`${one.flow.name}: ${outcome}`];
  });
  expect(wrong, when).toEqual([]);
}

/** Checks that clients that keep sending from one port get an answer from a backend of the Service. */
async function expectDatagramsAnswered(datagrams: Conversations, wanted: readonly Wanted[], when: string) {
  const answers = await datagrams.ask();
  const wrong = wanted.filter(one => !isRight(one, answers[one.flow.name] ?? ''));
  expect(
    wrong.map(({ flow }) => `${flow.name}: ${answers[flow.name]}`),
    when,
  ).toEqual([]);
}

beforeAll(async () => {
  await prepareForTraffic(sandbox());
  tools = await deadlyTools(sandbox(), node);
});

test('kproxy is killed after it has tried the scheduler, which loads ip_vs for the first time', async () => {
  const { result, commands } = await tools.kproxy(fromStdin('sync'), clusterDocument(before), 1);
  expect({ exitCode: result.exitCode, commands }).toEqual({ exitCode: 137, commands: ['ipvsadm --restore'] });
  bare = await dumpNode(sandbox(), node);
  expect(await kproxy(sandbox(), node, fromStdin('sync'), clusterDocument(before))).toMatchObject({ exitCode: 0 });
  programmed = await dumpNode(sandbox(), node);
  // A scheduler whose module is loaded is not tried, so that each run of a scenario has the same commands.
  await output(sandbox(), ['modprobe', 'ip_vs_wrr']);
});

test.each(Object.entries(scenarios))(
  'kproxy is killed at any command of %s, and the next run finishes the work',
  async (_, { start, argv, cluster, wanted }) => {
    const input = cluster === undefined ? '' : clusterDocument(cluster);
    await restoreDump(sandbox(), node, start());
    const whole = await tools.kproxy(argv, input);
    expect(whole.result).toMatchObject({ exitCode: 0 });
    const end = await dumpNode(sandbox(), node);
    const overUdp = wanted.filter(({ flow }) => flow.protocol === 'udp');

    for (let count = whole.commands.length % stride; count <= whole.commands.length; count += stride) {
      const when = `killed after ${count} commands: ${whole.commands.slice(0, count).join(', ')}`;
      await restoreDump(sandbox(), node, start());
      const datagrams = await converse(
        sandbox(),
        overUdp.map(({ flow }) => flow),
      );
      const { result, commands } = await tools.kproxy(argv, input, count);
      expect({ exitCode: result.exitCode, commands }, when).toEqual({
        exitCode: 137,
        commands: whole.commands.slice(0, count),
      });
      await expectAnswers(wanted, when);
      await expectDatagramsAnswered(datagrams, overUdp, when);
      expect(await kproxy(sandbox(), node, argv, input), when).toMatchObject({ exitCode: 0 });
      expect(await dumpNode(sandbox(), node), when).toEqual(end);
      await expectDatagramsAnswered(datagrams, overUdp, when);
      await datagrams.close();
    }
  },
  600_000,
);

test('kproxy is killed while a tool runs, and the next run waits for that tool', async () => {
  await restoreDump(sandbox(), node, programmed);
  expect(await kproxy(sandbox(), node, fromStdin('sync'), clusterDocument(after))).toMatchObject({ exitCode: 0 });
  const end = await dumpNode(sandbox(), node);

  await restoreDump(sandbox(), node, programmed);
  const waiting = 'another kproxy works on this node; waiting for it to end\n';
  const lingering = await toolsInTheWay(
    sandbox(),
    'lingering',
    `case "$call" in 'ipset -exist restore')
       kill -KILL ${kproxyOfTool}; until [ -e /run/kproxy-test-go ]; do sleep 0.1; done ;;
     esac; exec "$tool" "$@"`,
  );
  const killed = await lingering.kproxy(node, fromStdin('sync'), clusterDocument(after));
  expect(killed).toMatchObject({ exitCode: 137 });
  const argv = [process.execPath, kproxyProgram, ...fromStdin('sync')];
  const next = sandbox().start(argv, { namespace: node, input: clusterDocument(after) });
  await eventually(
    async () => next.stderr(),
    text => text !== '',
  );
  await sandbox().writeFile('/run/kproxy-test-go', '');
  expect(await next.result).toMatchObject({ exitCode: 0, stderr: waiting });
  expect(await dumpNode(sandbox(), node)).toEqual(end);
});
