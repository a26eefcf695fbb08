import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { chapterService, chapterTopology } from '../../../src/sandbox/network/chapter-topology.js';
import type { Topology } from '../../../src/sandbox/network/topology.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { bootMilliseconds, output, useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { command, inOrder, type NodeEdit, setting, withoutRule } from './support/leave-out.js';
import { askInTurn, type Flow, reportEveryError, type Tally } from './support/table.js';

const cluster = fileURLToPath(new URL('chapter.yaml', import.meta.url));
const vip = chapterService.virtualAddress;

/** The chapter's network, a server on inajob itself, and a machine that sends what is for the VIP to inajob. */
const topology: Topology = {
  ...chapterTopology,
  nodes: chapterTopology.nodes.map(node =>
    node.name === 'inajob' ? { ...node, serves: [{ protocol: 'tcp', port: 9100 }] } : node,
  ),
  clients: [{ name: 'outside', addresses: ['192.168.33.99/24'], routes: [{ to: vip, via: '192.168.33.11' }] }],
};

const flow = (from: string, port: number = chapterService.port): Flow => ({
  name: port === chapterService.port ? from : `${from} to port ${port}`,
  from,
  address: vip,
  port,
  timeoutMilliseconds: 250,
});

/** Grouped by the node whose round robin they share. */
const flows = [
  [flow('inajob'), flow('client-inajob'), flow('web-inajob'), flow('outside'), flow('client-inajob', 9100)],
  [flow('yuanying'), flow('web-yuanying')],
  [flow('master')],
];

type Outcomes = Readonly<Record<string, readonly string[]>>;

/** What two requests of each client get. */
const everybodyIsServed: Outcomes = {
  inajob: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
  'client-inajob': ['web-inajob saw 10.244.1.9', 'web-yuanying saw 10.244.1.9'],
  'web-inajob': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.1.3'],
  outside: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
  'client-inajob to port 9100': ['refused', 'refused'],
  yuanying: ['web-inajob saw 192.168.33.12', 'web-yuanying saw 10.244.2.1'],
  'web-yuanying': ['web-inajob saw 10.244.2.2', 'web-yuanying saw 10.244.2.1'],
  master: ['unreachable', 'unreachable'],
};

/** The chapter leaves the hairpin out, and nothing of it guards the VIP's other ports. */
const theChapterServes: Outcomes = {
  ...everybodyIsServed,
  'web-inajob': ['timeout', 'web-yuanying saw 10.244.1.3'],
  'client-inajob to port 9100': ['inajob saw 10.244.1.9', 'inajob saw 10.244.1.9'],
  'web-yuanying': ['timeout', 'web-inajob saw 10.244.2.2'],
};

/** The tally of `rounds` times those two requests. */
function times(rounds: number, outcomes: Outcomes): Record<string, Tally> {
  const counted = ([one, other]: readonly string[]) =>
    one === other ? { [`${one}`]: 2 * rounds } : { [`${one}`]: rounds, [`${other}`]: rounds };
  return Object.fromEntries(Object.entries(outcomes).map(([name, both]) => [name, counted(both)]));
}

const ask = (sandbox: Sandbox, rounds: number) => askInTurn(sandbox, flows, 2 * rounds);

const syncArguments = (node: string, profile: string): readonly string[] => [
  'sync',
  '--from',
  cluster,
  '--node',
  node,
  '--profile',
  profile,
  '--cluster-cidr',
  '10.244.0.0/16',
];

/** Gives the summary, the last line of what sync prints. */
async function sync(sandbox: Sandbox, node: string, profile: string): Promise<string> {
  const { exitCode, stdout, stderr } = await kproxy(sandbox, node, syncArguments(node, profile));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

interface Step {
  readonly name: string;
  readonly leaveOut: NodeEdit;
  /** What sync has nothing to do with. */
  readonly putBack?: NodeEdit;
  /** What comes instead, for the clients for whom something else comes. */
  readonly then: Outcomes;
}

/** Nobody changes the VIP, which the node takes as its own address when it speaks to it, for one that is the node's alone. */
const keepsVipAsSource = { inajob: ['timeout', `web-inajob saw ${vip}`] };
/** The remote backend answers past inajob. */
const keepsOwnSource = { outside: ['timeout', 'web-inajob saw 192.168.33.99'] };
const noHairpin = { 'web-inajob': ['timeout', 'web-yuanying saw 10.244.1.3'] };
/** What comes from yuanying is not for a Service any more when it comes to inajob: letting it pass is up to the Pod network. */
const podTrafficDropped = {
  yuanying: ['timeout', 'web-yuanying saw 10.244.2.1'],
  'web-yuanying': ['timeout', 'web-yuanying saw 10.244.2.1'],
};
const forwardPolicy = (policy: string) => command(`iptables -w -P FORWARD ${policy}`);
const inajobClients = ['inajob', 'client-inajob', 'web-inajob', 'outside'];
const all = (clients: readonly string[], outcome: string): Outcomes =>
  Object.fromEntries(clients.map(client => [client, [outcome, outcome]]));

const stepsOfTheChapter: readonly Step[] = [
  {
    name: 'the rule that marks',
    leaveOut: withoutRule('nat', 'KUBE-MARK-MASQ', '--set-xmark'),
    then: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the rule that sends sources outside the Pods’ network to be marked',
    leaveOut: withoutRule('nat', 'KUBE-SERVICES', '! -s 10.244.0.0/16'),
    then: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  {
    name: 'the rule that masquerades',
    leaveOut: withoutRule('nat', 'KUBE-POSTROUTING', 'requiring SNAT'),
    then: { ...keepsVipAsSource, ...keepsOwnSource },
  },
  { name: 'the jump from OUTPUT', leaveOut: withoutRule('nat', 'OUTPUT', 'KUBE-SERVICES'), then: keepsVipAsSource },
  {
    name: 'the jump from PREROUTING',
    leaveOut: withoutRule('nat', 'PREROUTING', 'KUBE-SERVICES'),
    then: keepsOwnSource,
  },
  {
    name: 'net.ipv4.vs.conntrack',
    leaveOut: setting('ipv4/vs/conntrack', '0'),
    then: {},
  },
  {
    name: 'the real server on inajob',
    leaveOut: command(`ipvsadm -d -t ${vip}:80 -r 10.244.1.3:8080`),
    then: {
      inajob: ['web-yuanying saw 192.168.33.11', 'web-yuanying saw 192.168.33.11'],
      'client-inajob': ['web-yuanying saw 10.244.1.9', 'web-yuanying saw 10.244.1.9'],
      'web-inajob': ['web-yuanying saw 10.244.1.3', 'web-yuanying saw 10.244.1.3'],
      outside: ['web-yuanying saw 192.168.33.11', 'web-yuanying saw 192.168.33.11'],
    },
  },
  {
    name: 'the virtual server',
    leaveOut: command(`ipvsadm -D -t ${vip}:80`),
    then: all(inajobClients, 'refused'),
  },
  {
    name: 'the VIP on the IPVS device',
    leaveOut: command(`ip address delete ${vip}/32 dev kube-ipvs0`),
    then: all([...inajobClients, 'client-inajob to port 9100'], 'unreachable'),
  },
];

const stepsBeyondTheChapter: readonly Step[] = [
  {
    name: 'the entry in KUBE-CLUSTER-IP',
    leaveOut: command(`ipset del KUBE-CLUSTER-IP ${vip},tcp:80`),
    then: { ...keepsVipAsSource, ...all(['client-inajob', 'web-inajob', 'outside'], 'refused') },
  },
  {
    name: 'the jump from POSTROUTING',
    leaveOut: withoutRule('nat', 'POSTROUTING', 'KUBE-POSTROUTING'),
    then: { ...keepsVipAsSource, ...keepsOwnSource, ...noHairpin },
  },
  {
    name: 'the rule for the hairpin',
    leaveOut: withoutRule('nat', 'KUBE-POSTROUTING', 'KUBE-LOOP-BACK'),
    then: noHairpin,
  },
  {
    name: 'the entry in KUBE-LOOP-BACK',
    leaveOut: command('ipset del KUBE-LOOP-BACK 10.244.1.3,tcp:8080,10.244.1.3'),
    then: noHairpin,
  },
  {
    name: 'the rule that lets Service packets to a VIP pass',
    leaveOut: withoutRule('filter', 'KUBE-IPVS-FILTER', '--match-set KUBE-CLUSTER-IP'),
    then: all(['client-inajob', 'web-inajob', 'outside'], 'refused'),
  },
  {
    name: 'the rule that refuses everything else',
    leaveOut: withoutRule('filter', 'KUBE-IPVS-FILTER', '-j REJECT'),
    then: all(['client-inajob to port 9100'], 'inajob saw 10.244.1.9'),
  },
  {
    name: 'the entry in KUBE-IPVS-IPS',
    leaveOut: command(`ipset del KUBE-IPVS-IPS ${vip}`),
    then: all(['client-inajob to port 9100'], 'inajob saw 10.244.1.9'),
  },
  {
    name: 'net.ipv4.ip_forward',
    leaveOut: setting('ipv4/ip_forward', '0'),
    then: {},
  },
  {
    name: 'the jump from FORWARD, whose policy is DROP',
    leaveOut: inOrder(forwardPolicy('DROP'), withoutRule('filter', 'FORWARD', 'KUBE-FORWARD')),
    putBack: forwardPolicy('ACCEPT'),
    then: podTrafficDropped,
  },
  {
    name: 'net.bridge.bridge-nf-call-iptables, which is the network’s',
    leaveOut: setting('bridge/bridge-nf-call-iptables', '0'),
    putBack: setting('bridge/bridge-nf-call-iptables', '1'),
    then: {},
  },
  {
    name: 'the hairpin of the bridge’s port, which is the network’s',
    leaveOut: command('bridge link set dev web-inajob hairpin off'),
    putBack: command('bridge link set dev web-inajob hairpin on'),
    then: noHairpin,
  },
];

describe('both workers programmed by kproxy sync', () => {
  const sandbox = useNetwork(topology);
  beforeAll(async () => {
    await reportEveryError(sandbox(), ['inajob', 'yuanying']);
    for (const node of ['inajob', 'yuanying']) await sync(sandbox(), node, 'full');
  }, bootMilliseconds);

  test('both backends answer in turn, and see the right source', async () => {
    expect(await ask(sandbox(), 2)).toEqual(times(2, everybodyIsServed));
  });

  test('the same where inajob’s FORWARD policy is DROP', async () => {
    await forwardPolicy('DROP')(sandbox(), 'inajob');
    expect.soft(await ask(sandbox(), 1)).toEqual(times(1, { ...everybodyIsServed, ...podTrafficDropped }));
    await forwardPolicy('ACCEPT')(sandbox(), 'inajob');
  });

  test.each([...stepsOfTheChapter, ...stepsBeyondTheChapter])(
    'not without $name',
    async ({ leaveOut, putBack, then }) => {
      await leaveOut(sandbox(), 'inajob');
      const without = await ask(sandbox(), 1);
      console.log(JSON.stringify(without, null, 1));
      expect.soft(without).toEqual(times(1, { ...everybodyIsServed, ...then }));
      await putBack?.(sandbox(), 'inajob');
      const summary = await sync(sandbox(), 'inajob', 'full');
      if (putBack) console.log(summary);
      else expect(summary).not.toContain('in sync');
      expect(await ask(sandbox(), 1)).toEqual(times(1, everybodyIsServed));
    },
    bootMilliseconds,
  );
});
