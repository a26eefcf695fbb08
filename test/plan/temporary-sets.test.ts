import { describe, expect, test } from 'vitest';
import { runCleanup } from '../../src/commands/cleanup.js';
import { families } from '../../src/net/address.js';
import { applyPlan } from '../../src/node/apply.js';
import { batches } from '../../src/node/batches.js';
import { type Change, subjectOf } from '../../src/node/change.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { allTemporaryNames, kernelSetName, ownSetName, setNames } from '../../src/node/names.js';
import { blocksOf } from '../../src/script/script-blocks.js';
import { edited, type FakeNode, fakeNode, parse, print, withoutLines } from '../support/fake-node/index.js';
import { loadBalancerWith } from '../support/load-balancers.js';
import { lookups, neededLookups } from '../support/lookups.js';
import { clusterFrom } from '../support/parity-case.js';
import { outcomeOf } from '../support/run-command.js';
import { tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { readState, reconciliationOn, syncedNode, syncOnce } from '../support/synced-node.js';

const web = [serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3', '10.244.2.2'])];
const cluster = clusterFrom(listText(...web));

const changesText = (changes: readonly Change[]): readonly string[] =>
  changes.map(change => `${change.verb} ${kindOf(subjectOf(change)).describe(subjectOf(change))}`);
const planOn = async (node: FakeNode): Promise<readonly string[]> =>
  changesText((await reconciliationOn(node, cluster, tutorialProxy)).plan);

const ownNames = new Set(setNames.flatMap(name => families.map(family => kernelSetName(name, family))));

const own = 'KUBE-CLUSTER-IP';
const first = 'KUBE+CLUSTER-IP';
const second = 'KUBE=CLUSTER-IP';
const entry = '10.96.0.1,tcp:80';

type Edit = (text: string) => string;

/** Returns an edit that adds sets with one entry each: `KUBE+CLUSTER-IP hash:ip 10.96.0.1`. */
const withSets =
  (...sets: readonly string[]): Edit =>
  text => {
    const lines = sets.map(set => {
      const [name, type, value, ...options] = set.split(' ');
      return `ipset create ${[name, type, ...options].join(' ')}\nipset add ${name} ${value}`;
    });
    return [...lines, text].join('\n');
  };

/** Returns an edit that makes the rules of tables name the first temporary set. */
const redirected =
  (...tables: readonly string[]): Edit =>
  text =>
    text
      .split('\n')
      .map(line =>
        tables.some(table => line.includes(`-t ${table} `)) ? line.replace(` ${own} `, ` ${first} `) : line,
      )
      .join('\n');

const both =
  (one: Edit, other: Edit): Edit =>
  text =>
    other(one(text));

/** The rules that look sets up. */
const lookupRules = /-A (KUBE-SERVICES|KUBE-IPVS-FILTER) /;
const lastService = 'iptables -t nat -A KUBE-SERVICES -m set --match-set KUBE+CLUSTER-IP dst,dst -j ACCEPT';

const redirection = [
  'change chain KUBE-SERVICES in iptables -t nat',
  'change chain KUBE-IPVS-FILTER in iptables -t filter',
];
const back = redirection;
const recreation = [`change set ${own} hash:ip,port`, `add entry ${entry} in ${own}`];

/** What a run finds, besides a set of another type that rules name, and its whole plan. */
const situations: readonly (readonly [string, Edit, readonly string[]])[] = [
  [
    'nothing else',
    text => text,
    [
      ...[`add set ${first} hash:ip,port`, `add entry ${entry} in ${first}`, ...redirection],
      ...[...recreation, ...back, `remove set ${first} hash:ip,port`],
    ],
  ],
  [
    'a temporary set that lacks an entry and has one that no Service needs',
    withSets(`${first} hash:ip,port 10.96.0.9,tcp:80`),
    [
      ...[`add set ${first} hash:ip,port maxelem 65536`, `add entry ${entry} in ${first}`],
      ...[`remove entry 10.96.0.9,tcp:80 in ${first}`, ...redirection],
      ...[...recreation, ...back, `remove set ${first} hash:ip,port maxelem 65536`],
    ],
  ],
  [
    'a temporary set of the wrong type that no rule names',
    withSets(`${first} hash:ip 10.96.0.1`),
    [
      ...[`change set ${first} hash:ip,port`, `add entry ${entry} in ${first}`, ...redirection],
      ...[...recreation, ...back, `remove set ${first} hash:ip,port`],
    ],
  ],
  [
    'a temporary set that some of the rules name',
    both(withSets(`${first} hash:ip,port ${entry}`), redirected('nat')),
    [
      ...[`add set ${first} hash:ip,port maxelem 65536`, `add entry ${entry} in ${first}`, ...redirection.slice(1)],
      ...[...recreation, ...back, `remove set ${first} hash:ip,port maxelem 65536`],
    ],
  ],
  [
    'a temporary set that some of the rules name and that is too small now',
    both(withSets(`${first} hash:ip,port ${entry} maxelem 4`), redirected('nat')),
    [
      ...[`add set ${second} hash:ip,port`, `add entry ${entry} in ${second}`, ...redirection.slice(1)],
      ...[...recreation, ...back, `remove set ${first} hash:ip,port maxelem 4`, `remove set ${second} hash:ip,port`],
    ],
  ],
  [
    'both temporary sets, of the wrong type and named by rules, so that the rules cannot name any set meanwhile',
    both(both(withSets(`${first} hash:ip 10.96.0.1`, `${second} hash:ip 10.96.0.1`), redirected('nat')), text =>
      edited(text, {
        [lastService]: `${lastService}\niptables -t nat -A KUBE-SERVICES -m set --match-set ${second} dst -j RETURN`,
      }),
    ),
    [
      ...[...redirection.slice(1), ...recreation, ...back],
      ...[`remove set ${first} hash:ip maxelem 65536`, `remove set ${second} hash:ip maxelem 65536`],
    ],
  ],
  [
    'a temporary set that all rules name, so that the set is in no use',
    both(withSets(`${first} hash:ip,port ${entry}`), redirected('nat', 'filter')),
    [...recreation, ...back, `remove set ${first} hash:ip,port maxelem 65536`],
  ],
  [
    'a temporary set that all rules name, and the set itself is missing',
    both(both(withSets(`${first} hash:ip,port ${entry}`), redirected('nat', 'filter')), text =>
      withoutLines(text, /^ipset \S+ KUBE-CLUSTER-IP /),
    ),
    [`add set ${own} hash:ip,port`, ...recreation.slice(1), ...back, `remove set ${first} hash:ip,port maxelem 65536`],
  ],
  ['no rules that name it', text => withoutLines(text, lookupRules), [...recreation, ...back]],
  [
    'no entries in a set that closes VIPs, which are added when the rules find the Services',
    text => edited(text, { 'ipset add KUBE-IPVS-IPS 10.96.0.1': '' }),
    [
      ...[`add set ${first} hash:ip,port`, `add entry ${entry} in ${first}`, ...redirection, recreation[0] ?? ''],
      ...[`add entry ${entry} in ${own}`, 'add entry 10.96.0.1 in KUBE-IPVS-IPS'],
      ...[...back, `remove set ${first} hash:ip,port`],
    ],
  ],
];

const syncedText = async (): Promise<string> => print((await syncedNode(cluster, tutorialProxy)).kernel);

const ofAnotherType: Edit = text =>
  edited(text, {
    [`ipset create ${own} hash:ip,port`]: `ipset create ${own} hash:ip`,
    [`ipset add ${own} ${entry}`]: `ipset add ${own} 10.96.0.1`,
  });

/** Returns a node whose set has another type, and what else an edit makes of it. */
const damagedNode = async (edit: Edit): Promise<FakeNode> => fakeNode(parse(edit(ofAnotherType(await syncedText()))));

describe('a set of another type that rules name is recreated while a temporary set replaces it; the node has', () => {
  test.each(situations)('%s', async (_, edit, plan) => {
    const node = await damagedNode(edit);
    expect(await planOn(node)).toEqual(plan);
    await syncOnce(node, cluster, tutorialProxy);
    expect(await planOn(node)).toEqual([]);
    expect(print(node.kernel)).toBe(await syncedText());
  });

  test.each(situations)('%s; cleanup removes all of it', async (_, edit) => {
    const node = await damagedNode(edit);
    const options = { nodeName: 'inajob', excludeCidrs: [], dryRun: false, script: 'batch', sudo: false } as const;
    expect(await outcomeOf(io => runCleanup(options, node, io))).toMatchObject({ exitCode: 0 });
    expect(print(node.kernel, 'ipset')).toBe('');
  });
});

test('if a set that closes VIPs is recreated, other sets are completed before rules find a VIP closed', async () => {
  const text = edited(withoutLines(await syncedText(), /--match-set KUBE-CLUSTER-IP |-t nat -A/), {
    'ipset create KUBE-IPVS-IPS hash:ip': 'ipset create KUBE-IPVS-IPS hash:ip,port',
    'ipset add KUBE-IPVS-IPS 10.96.0.1': '',
    [`ipset create ${own} hash:ip,port`]: '',
    [`ipset add ${own} ${entry}`]: '',
  });
  expect((await planOn(fakeNode(parse(text)))).slice(0, 5)).toEqual([
    ...['add set KUBE-CLUSTER-IP hash:ip,port', 'add set KUBE+IPVS-IPS hash:ip'],
    ...[`add entry ${entry} in ${own}`, 'add entry 10.96.0.1 in KUBE+IPVS-IPS'],
    'change chain KUBE-IPVS-FILTER in iptables -t filter',
  ]);
});

test('a rule about a set of the other family is dropped, because it can name no temporary set', async () => {
  const rules = `ip6tables -t filter -N KUBE-IPVS-FILTER
ip6tables -t filter -A KUBE-IPVS-FILTER -m set --match-set ${own} dst,dst -j RETURN`;
  const text = edited(withoutLines(await syncedText(), lookupRules), {
    [`ipset create ${own} hash:ip,port`]: `ipset create ${own} hash:ip,port family inet6`,
    [`ipset add ${own} ${entry}`]: '',
  });
  const node = fakeNode(parse(`${text}\n${rules}`));
  expect(await planOn(node)).toContain('change chain KUBE-IPVS-FILTER in ip6tables -t filter');
  await syncOnce(node, cluster, tutorialProxy);
  expect(await planOn(node)).toEqual([]);
});

test('the readable script has it first, and the rules name their own set again once that is full', async () => {
  const node = await damagedNode(text => text);
  const { plan, desired } = await reconciliationOn(node, cluster, tutorialProxy);
  expect(blocksOf(plan, desired.reasons).map(({ title, changes }) => [title, ...changesText(changes)])).toEqual([
    [
      'Sets that must be recreated, and temporary sets that replace them meanwhile',
      ...[`add set ${first} hash:ip,port`, `add entry ${entry} in ${first}`, ...redirection, ...recreation],
    ],
    ['Rules: what happens to the packets of Services', ...back],
    ['Leftovers that no Service needs', `remove set ${first} hash:ip,port`],
  ]);
  expect(plan.find(({ verb }) => verb === 'change')?.reasons).toEqual([
    {
      servicePort: undefined,
      why: `Points to ${first} instead of ${own} meanwhile, because the kernel keeps a set that a rule names.`,
    },
  ]);
});

test('while a set is recreated with a higher limit, a rule finds after each command what it found before', async () => {
  const full = listText(...web, loadBalancerWith('full', '10.98', 10, 6_553));
  const more = listText(...web, loadBalancerWith('full', '10.98', 10, 6_553), loadBalancerWith('more', '10.97', 1, 10));
  const set = 'KUBE-LOAD-BALANCER-SOURCE-CIDR';
  const node = await syncedNode(clusterFrom(full), tutorialProxy);
  const found = lookups(await readState(node));
  const { plan, desired } = await reconciliationOn(node, clusterFrom(more), tutorialProxy);
  const needed = neededLookups(desired.state).filter(found);
  expect(needed.length).toBeGreaterThan(65_530);
  for (const { step } of batches(plan)) {
    expect((await node.run(step.command)).exitCode).toBe(0);
    const finds = lookups(await readState(node));
    expect(needed.filter(lookup => !finds(lookup))).toEqual([]);
  }
  expect(node.kernel.sets.get(set)).toMatchObject({ entries: { size: 65_540 }, maximum: 262_144 });
  expect([...node.kernel.sets.keys()].filter(name => !/^KUBE-/.test(name))).toEqual([]);
}, 120_000);

describe('after an interruption at any command, with evidence that only the old set had,', () => {
  /** Yields the nodes that a run leaves which is killed after one of its commands, for each command. */
  async function* interrupted(text: string, sync: (node: FakeNode) => Promise<unknown>): AsyncGenerator<FakeNode> {
    const whole = fakeNode(parse(text));
    await sync(whole);
    for (let at = 1; at <= whole.changing.length; at += 1) {
      const node = fakeNode(parse(text));
      node.trouble = { at, how: { is: 'killed after' } };
      await expect(sync(node)).rejects.toThrow();
      node.trouble = undefined;
      yield node;
    }
  }

  const shrunk = (text: string, set: string): string => {
    const line = `ipset create ${set} hash:ip,port`;
    return edited(text, { [line]: `${line} maxelem 4` });
  };

  test('a virtual server on the node’s own address is still known to be kproxy’s, and is removed', async () => {
    const external = (name: string, clusterIP: string, port: number) =>
      serviceObject(name, clusterIP, { externalIPs: ['10.10.0.11'], ports: [{ port }] });
    const stays = external('stays', '10.96.0.2', 80);
    const both = clusterFrom(listText(...web, stays, external('leaves', '10.96.0.3', 81)));
    const one = clusterFrom(listText(...web, stays));
    const text = print((await syncedNode(both, tutorialProxy)).kernel);
    expect(text).toContain('ipvsadm -A -t 10.10.0.11:81 ');
    let count = 0;
    for await (const node of interrupted(shrunk(text, 'KUBE-EXTERNAL-IP'), at => syncOnce(at, one, tutorialProxy))) {
      await syncOnce(node, one, tutorialProxy);
      const left = ['TCP 10.10.0.11:80', 'TCP 10.96.0.1:80', 'TCP 10.96.0.2:80'];
      expect([...node.kernel.servers.keys()].sort()).toEqual(left);
      count += 1;
    }
    expect(count).toBeGreaterThan(6);
  });

  test('what belongs to namespaces that were not read stays', async () => {
    const elsewhere = (object: object) => ({ ...object, metadata: { name: 'other', namespace: 'elsewhere' } });
    const other = [serviceObject('other', '10.96.0.4'), endpointsObject('other', ['10.244.1.4'])].map(elsewhere);
    const text = print((await syncedNode(clusterFrom(listText(...web, ...other)), tutorialProxy)).kernel);
    const syncNarrow = async (node: FakeNode) => {
      const scope = { namespace: 'default', allowEmpty: false };
      await applyPlan(node, (await reconciliationOn(node, cluster, tutorialProxy, scope)).plan);
    };
    let count = 0;
    for await (const node of interrupted(shrunk(text, own), syncNarrow)) {
      await syncNarrow(node);
      expect(print(node.kernel)).toEqual(text);
      count += 1;
    }
    expect(count).toBeGreaterThan(4);
  });
});

test('each set has three temporary names, which are unique and short enough for the kernel', () => {
  expect(new Set(allTemporaryNames).size).toBe(3 * 2 * 17);
  expect(allTemporaryNames.map(ownSetName)).toEqual(allTemporaryNames);
  expect(allTemporaryNames.filter(name => ownNames.has(name))).toEqual([]);
  expect(Math.max(...[...ownNames, ...allTemporaryNames].map(name => name.length))).toBe(31);
});
