import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import { runCleanup } from '../../src/commands/cleanup.js';
import { applyPlan } from '../../src/node/apply.js';
import { batches } from '../../src/node/batches.js';
import { type Change, subjectOf } from '../../src/node/change.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { kernelSetNames } from '../../src/node/names.js';
import { readNode } from '../../src/node/read.js';
import { blocksOf } from '../../src/script/steps-script.js';
import { compare } from '../../src/sync/compare.js';
import { cloneKernel, type FakeKernel, type FakeNode, fakeNode } from '../support/fake-node/index.js';
import { loadBalancerWith } from '../support/load-balancers.js';
import { lookups, neededLookups } from '../support/lookups.js';
import { clusterFrom } from '../support/parity-case.js';
import { outcomeOf } from '../support/run-command.js';
import { tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { reconciliationOn, syncedNode, syncOnce } from '../support/synced-node.js';

const web = [serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3', '10.244.2.2'])];
const cluster = clusterFrom(listText(...web));

const changesText = (changes: readonly Change[]): readonly string[] =>
  changes.map(change => `${change.verb} ${kindOf(subjectOf(change)).describe(subjectOf(change))}`);
const planOn = async (node: FakeNode): Promise<readonly string[]> =>
  changesText((await reconciliationOn(node, cluster, tutorialProxy)).plan);

const own = 'KUBE-CLUSTER-IP';
const first = 'KUBE+CLUSTER-IP';
const second = 'KUBE=CLUSTER-IP';
const entry = '10.96.0.1,tcp:80';

const put = (
  { sets }: FakeKernel,
  name: string,
  type: 'hash:ip' | 'hash:ip,port',
  entries: readonly string[],
  maximum?: number,
) => sets.set(name, { type, family: 'IPv4', maximum, entries: new Set(entries) });

/** Makes the rules of a table name another set. */
function rename({ tables }: FakeKernel, table: string, from: string, to: string): void {
  for (const { rules } of tables.IPv4.get(table)?.values() ?? [])
    rules.splice(0, rules.length, ...rules.map(argv => argv.map(word => (word === from ? to : word))));
}

const toStandIn = [
  'change chain KUBE-SERVICES in iptables -t nat',
  'change chain KUBE-IPVS-FILTER in iptables -t filter',
];
const back = toStandIn;
const anew = [`change set ${own} hash:ip,port`, `add entry ${entry} in ${own}`];

/** What a run finds, beside a set of another type that rules name, and its whole plan. */
const situations: readonly (readonly [string, (kernel: FakeKernel) => void, readonly string[]])[] = [
  [
    'nothing else',
    () => {},
    [
      ...[`add set ${first} hash:ip,port`, `add entry ${entry} in ${first}`, ...toStandIn],
      ...[...anew, ...back, `remove set ${first} hash:ip,port`],
    ],
  ],
  [
    'a stand-in that lacks an entry and has one that nobody asks for',
    kernel => put(kernel, first, 'hash:ip,port', ['10.96.0.9,tcp:80']),
    [
      ...[`add set ${first} hash:ip,port maxelem 65536`, `add entry ${entry} in ${first}`],
      ...[`remove entry 10.96.0.9,tcp:80 in ${first}`, ...toStandIn],
      ...[...anew, ...back, `remove set ${first} hash:ip,port maxelem 65536`],
    ],
  ],
  [
    'a stand-in of the wrong type that no rule names',
    kernel => put(kernel, first, 'hash:ip', ['10.96.0.1']),
    [
      ...[`change set ${first} hash:ip,port`, `add entry ${entry} in ${first}`, ...toStandIn],
      ...[...anew, ...back, `remove set ${first} hash:ip,port`],
    ],
  ],
  [
    'a stand-in that some of the rules name',
    kernel => {
      put(kernel, first, 'hash:ip,port', [entry]);
      rename(kernel, 'nat', own, first);
    },
    [
      ...[`add set ${first} hash:ip,port maxelem 65536`, `add entry ${entry} in ${first}`, ...toStandIn.slice(1)],
      ...[...anew, ...back, `remove set ${first} hash:ip,port maxelem 65536`],
    ],
  ],
  [
    'a stand-in that some of the rules name and that has become too small',
    kernel => {
      put(kernel, first, 'hash:ip,port', [entry], 4);
      rename(kernel, 'nat', own, first);
    },
    [
      ...[`add set ${second} hash:ip,port`, `add entry ${entry} in ${second}`, ...toStandIn.slice(1)],
      ...[...anew, ...back, `remove set ${first} hash:ip,port maxelem 4`, `remove set ${second} hash:ip,port`],
    ],
  ],
  [
    'both stand-ins, of the wrong type and named by rules: the set has to be let go',
    kernel => {
      for (const name of [first, second]) put(kernel, name, 'hash:ip', ['10.96.0.1']);
      rename(kernel, 'nat', own, first);
      const rules = kernel.tables.IPv4.get('nat')?.get('KUBE-SERVICES')?.rules;
      rules?.push(['-m', 'set', '--match-set', second, 'dst', '-j', 'RETURN']);
    },
    [
      ...[...toStandIn.slice(1), ...anew, ...back],
      ...[`remove set ${first} hash:ip maxelem 65536`, `remove set ${second} hash:ip maxelem 65536`],
    ],
  ],
  [
    'a stand-in that all rules name: the set is free',
    kernel => {
      put(kernel, first, 'hash:ip,port', [entry]);
      for (const table of ['nat', 'filter']) rename(kernel, table, own, first);
    },
    [...anew, ...back, `remove set ${first} hash:ip,port maxelem 65536`],
  ],
  [
    'the same, and the set itself is gone',
    kernel => {
      put(kernel, first, 'hash:ip,port', [entry]);
      for (const table of ['nat', 'filter']) rename(kernel, table, own, first);
      kernel.sets.delete(own);
    },
    [`add set ${own} hash:ip,port`, ...anew.slice(1), ...back, `remove set ${first} hash:ip,port maxelem 65536`],
  ],
  [
    'no rules that name it',
    ({ tables }) => {
      for (const [table, name] of [['nat', 'KUBE-SERVICES'] as const, ['filter', 'KUBE-IPVS-FILTER'] as const])
        tables.IPv4.get(table)?.get(name)?.rules.splice(0);
    },
    [...anew, ...back],
  ],
  [
    'no entries in a set that closes VIPs: they come when the rules find the Services',
    ({ sets }) => sets.get('KUBE-IPVS-IPS')?.entries.clear(),
    [
      ...[`add set ${first} hash:ip,port`, `add entry ${entry} in ${first}`, ...toStandIn, anew[0] ?? ''],
      ...[`add entry ${entry} in ${own}`, 'add entry 10.96.0.1 in KUBE-IPVS-IPS'],
      ...[...back, `remove set ${first} hash:ip,port`],
    ],
  ],
];

describe('a set of another type that rules name is made anew while another one stands in for it; the node has', () => {
  test.each(situations)('%s', async (_, prepare, plan) => {
    const node = await syncedNode(cluster, tutorialProxy);
    put(node.kernel, own, 'hash:ip', ['10.96.0.1']);
    prepare(node.kernel);
    expect(await planOn(node)).toEqual(plan);
    await syncOnce(node, cluster, tutorialProxy);
    expect(await planOn(node)).toEqual([]);
    expect([...node.kernel.sets.keys()].sort()).toEqual([own, 'KUBE-IPVS-IPS']);
  });

  test.each(situations)('%s: cleanup takes away all of it', async (_, prepare) => {
    const node = await syncedNode(cluster, tutorialProxy);
    put(node.kernel, own, 'hash:ip', ['10.96.0.1']);
    prepare(node.kernel);
    const options = { nodeName: 'inajob', excludeCidrs: [], dryRun: false, script: 'batch', sudo: false } as const;
    expect(await outcomeOf(io => runCleanup(options, node, io))).toMatchObject({ exitCode: 0 });
    expect([...node.kernel.sets.keys()]).toEqual([]);
  });
});

test('where a set that closes VIPs is made anew, what other sets lack comes before the rules find it closed', async () => {
  const node = await syncedNode(cluster, tutorialProxy);
  put(node.kernel, 'KUBE-IPVS-IPS', 'hash:ip,port', []);
  node.kernel.sets.delete(own);
  for (const { rules } of node.kernel.tables.IPv4.get('nat')?.values() ?? []) rules.splice(0);
  for (const { rules } of node.kernel.tables.IPv4.get('filter')?.values() ?? [])
    rules.splice(0, rules.length, ...rules.filter(rule => !rule.includes(own)));
  expect((await planOn(node)).slice(0, 5)).toEqual([
    ...['add set KUBE-CLUSTER-IP hash:ip,port', 'add set KUBE+IPVS-IPS hash:ip'],
    ...[`add entry ${entry} in ${own}`, 'add entry 10.96.0.1 in KUBE+IPVS-IPS'],
    'change chain KUBE-IPVS-FILTER in iptables -t filter',
  ]);
});

test('a rule about a set of the other family has no stand-in', async () => {
  const node = await syncedNode(cluster, tutorialProxy);
  const { IPv4, IPv6 } = node.kernel.tables;
  for (const [table, name] of [['nat', 'KUBE-SERVICES'] as const, ['filter', 'KUBE-IPVS-FILTER'] as const])
    IPv4.get(table)?.get(name)?.rules.splice(0);
  node.kernel.sets.set(own, { type: 'hash:ip,port', family: 'IPv6', maximum: undefined, entries: new Set() });
  const rules = [['-m', 'set', '--match-set', own, 'dst,dst', '-j', 'RETURN']];
  IPv6.get('filter')?.set('KUBE-IPVS-FILTER', { policy: undefined, rules });
  expect(await planOn(node)).toContain('change chain KUBE-IPVS-FILTER in ip6tables -t filter');
  await syncOnce(node, cluster, tutorialProxy);
  expect(await planOn(node)).toEqual([]);
});

test('the readable script has it first, and the rules name their own set again when that is full', async () => {
  const node = await syncedNode(cluster, tutorialProxy);
  put(node.kernel, own, 'hash:ip', ['10.96.0.1']);
  const { plan } = await reconciliationOn(node, cluster, tutorialProxy);
  expect(blocksOf(plan).map(({ title, changes }) => [title, ...changesText(changes)])).toEqual([
    [
      'Sets that must be made anew, and others that stand in for them meanwhile',
      ...[`add set ${first} hash:ip,port`, `add entry ${entry} in ${first}`, ...toStandIn, ...anew],
    ],
    ['Rules: what must be masqueraded, let through or refused', ...back],
    ['What nobody asks for any more', `remove set ${first} hash:ip,port`],
  ]);
  const renaming = plan.find(({ verb }) => verb === 'change');
  expect(renaming?.reasons).toEqual([
    {
      servicePort: undefined,
      why: `names ${first} in the place of ${own} meanwhile: the kernel keeps a set that a rule names`,
    },
  ]);
});

test('a set that grows beyond its limit: every rule finds what it found, after every command', async () => {
  const full = listText(...web, loadBalancerWith('full', '10.98', 10, 6_553));
  const more = listText(...web, loadBalancerWith('full', '10.98', 10, 6_553), loadBalancerWith('more', '10.97', 1, 10));
  const set = 'KUBE-LOAD-BALANCER-SOURCE-CIDR';
  const node = await syncedNode(clusterFrom(full), tutorialProxy);
  const found = lookups((await readNode(node)).state);
  const { plan, desired } = await reconciliationOn(node, clusterFrom(more), tutorialProxy);
  const wanted = neededLookups(desired.state).filter(found);
  expect(wanted.length).toBeGreaterThan(65_530);
  for (const { step } of batches(plan)) {
    expect((await node.run(step.command)).exitCode).toBe(0);
    const finds = lookups((await readNode(node)).state);
    expect(wanted.filter(lookup => !finds(lookup))).toEqual([]);
  }
  expect(node.kernel.sets.get(set)).toMatchObject({ entries: { size: 65_540 }, maximum: 262_144 });
  expect([...node.kernel.sets.keys()].filter(name => !/^KUBE-/.test(name))).toEqual([]);
}, 120_000);

describe('interrupted after any command, with what only the old set told', () => {
  /** Kills a run after each of its commands, and gives the nodes that are left. */
  async function* interrupted(
    kernel: FakeKernel,
    sync: (node: FakeNode) => Promise<unknown>,
  ): AsyncGenerator<FakeNode> {
    const whole = fakeNode(cloneKernel(kernel));
    await sync(whole);
    for (let at = 1; at <= whole.changing.length; at += 1) {
      const node = fakeNode(cloneKernel(kernel));
      node.trouble = { at, how: { is: 'killed after' } };
      await expect(sync(node)).rejects.toThrow();
      node.trouble = undefined;
      yield node;
    }
  }

  const shrunk = ({ sets }: FakeKernel, name: string) => {
    const set = sets.get(name);
    if (set !== undefined) sets.set(name, { ...set, maximum: 4 });
  };

  test('a virtual server on the node’s own address is still known for kproxy’s, and goes', async () => {
    const external = (name: string, clusterIP: string, port: number) =>
      serviceObject(name, clusterIP, { externalIPs: ['10.10.0.11'], ports: [{ port }] });
    const stays = external('stays', '10.96.0.2', 80);
    const both = clusterFrom(listText(...web, stays, external('goes', '10.96.0.3', 81)));
    const one = clusterFrom(listText(...web, stays));
    const { kernel } = await syncedNode(both, tutorialProxy);
    expect([...kernel.servers.keys()]).toContain('TCP 10.10.0.11:81');
    shrunk(kernel, 'KUBE-EXTERNAL-IP');
    let count = 0;
    for await (const node of interrupted(kernel, at => syncOnce(at, one, tutorialProxy))) {
      await syncOnce(node, one, tutorialProxy);
      const left = ['TCP 10.10.0.11:80', 'TCP 10.96.0.1:80', 'TCP 10.96.0.2:80'];
      expect([...node.kernel.servers.keys()].sort()).toEqual(left);
      count += 1;
    }
    expect(count).toBeGreaterThan(6);
  });

  test('what a reading of one namespace has not seen stays', async () => {
    const elsewhere = (object: object) => ({ ...object, metadata: { name: 'other', namespace: 'elsewhere' } });
    const other = [serviceObject('other', '10.96.0.4'), endpointsObject('other', ['10.244.1.4'])].map(elsewhere);
    const node = await syncedNode(clusterFrom(listText(...web, ...other)), tutorialProxy);
    const entries = ({ kernel }: FakeNode) =>
      [...kernel.sets].map(([name, set]) => [name, [...set.entries].sort()] as const).sort();
    const before = entries(node);
    shrunk(node.kernel, own);
    const syncNarrow = async (at: FakeNode, some: Cluster = cluster) => {
      const scope = { namespace: 'default', allowEmpty: false };
      await applyPlan(at, compare(some, await readNode(at), tutorialProxy, scope).plan);
    };
    let count = 0;
    for await (const left of interrupted(node.kernel, syncNarrow)) {
      await syncNarrow(left);
      expect(entries(left)).toEqual(before);
      count += 1;
    }
    expect(count).toBeGreaterThan(4);
  });
});

test('the names of stand-ins are all different, and short enough for the kernel', () => {
  expect(kernelSetNames.size).toBe(3 * 2 * 17);
  expect(Math.max(...[...kernelSetNames].map(name => name.length))).toBe(31);
});
