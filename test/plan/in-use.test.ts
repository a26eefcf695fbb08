import { describe, expect, test } from 'vitest';
import { parseIpsetSave } from '../../src/node/tools/ipset-save.js';
import { parseIptablesSave } from '../../src/node/tools/iptables-save.js';
import { type FakeNode, fakeNode, parse, print, runCommand } from '../support/fake-node/index.js';
import { clusterFrom } from '../support/parity-case.js';
import { cleanup } from '../support/run-cleanup.js';
import { sync, tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { reconciliationOn } from '../support/synced-node.js';

const proxy = { ...tutorialProxy, profile: 'full' } as const;
const web = [serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3', '10.244.2.2'])];
const cluster = listText(...web, serviceObject('dns', '10.96.0.10', { externalIPs: ['192.0.2.7'] }));

/** Returns a node that a cluster was programmed on, and on which other software has rules since. */
async function nodeWith(...rules: readonly string[]): Promise<FakeNode> {
  const node = fakeNode();
  expect(await sync(node, { stdin: cluster, proxy })).toMatchObject({ exitCode: 0 });
  for (const rule of ['-t nat -N CNI-DN', '-t filter -N THEIRS', ...rules])
    expect(runCommand(node.kernel, { argv: ['iptables', '-w', ...rule.split(' ')] })).toMatchObject({ exitCode: 0 });
  return node;
}

const ownPattern = /KUBE|kube-ipvs0|10\.96\.|192\.0\.2\.7/;
const ownLines = (node: FakeNode): readonly string[] =>
  print(node.kernel, 'ip', 'ipset', 'iptables', 'ip6tables', 'ipvsadm')
    .split('\n')
    .filter(line => ownPattern.test(line));

const masq = '-t nat -A CNI-DN -p tcp -m tcp --dport 8443 -j KUBE-MARK-MASQ';

/** What other software has, what of kproxy's stays for it, and how the user is named. */
const uses: readonly (readonly [name: string, rule: string, left: readonly string[], user: string])[] = [
  ['a jump', masq, ['iptables -t nat -N KUBE-MARK-MASQ'], `iptables ${masq}`],
  [
    'a goto',
    '-t filter -A THEIRS -g KUBE-FORWARD',
    ['iptables -t filter -N KUBE-FORWARD'],
    'iptables -t filter -A THEIRS -g KUBE-FORWARD',
  ],
  [
    'a jump with conditions from a built-in chain',
    '-t nat -A PREROUTING -p tcp -j KUBE-SERVICES',
    ['iptables -t nat -N KUBE-SERVICES'],
    'iptables -t nat -A PREROUTING -p tcp -j KUBE-SERVICES',
  ],
  [
    'a match of a set',
    '-t filter -A THEIRS -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
    ['ipset create KUBE-CLUSTER-IP hash:ip,port'],
    'iptables -t filter -A THEIRS -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
  ],
  [
    'a match of a set in a built-in chain',
    '-t nat -A POSTROUTING -m set --match-set KUBE-IPVS-IPS dst -j RETURN',
    ['ipset create KUBE-IPVS-IPS hash:ip'],
    'iptables -t nat -A POSTROUTING -m set --match-set KUBE-IPVS-IPS dst -j RETURN',
  ],
];

describe.each(uses)('what other software uses: %s', (_, rule, left, user) => {
  test('cleanup empties and names it, removes all the rest, and has nothing to do afterwards', async () => {
    const node = await nodeWith(rule);
    const outcome = await cleanup(node);
    expect(outcome).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`stays, empty, because other software uses it: ${user}\n`),
    });
    const own = ownLines(node);
    expect(own).toEqual(expect.arrayContaining([...left]));
    expect(own.filter(line => !left.includes(line) && !line.endsWith(rule))).toEqual([]);
    const again = await cleanup(node);
    expect(again).toMatchObject({ exitCode: 0, stderr: outcome.stderr });
    expect(again.stdout).toBe("node inajob: nothing to remove; 1 element of kproxy's in use by other software\n");
  });

  test.each(['steps', 'batch'] as const)('the script of %s names it', async script => {
    const node = await nodeWith(rule);
    const { stdout, stderr } = await cleanup(node, { dryRun: true, script });
    expect(stderr).toContain(user);
    for (const line of left) {
      const [, , , , name = ''] = line.split(' ');
      if (line.startsWith('iptables')) expect(stdout).not.toContain(`-X ${name}`);
    }
  });

  test('sync of a cluster that does not need it does the same', async () => {
    const node = await nodeWith(rule);
    const outcome = await sync(node, { stdin: listText(), proxy, allowEmpty: true });
    expect(outcome).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(user) });
    expect(ownLines(node)).toEqual(expect.arrayContaining([...left]));
    expect((await sync(node, { stdin: listText(), proxy, allowEmpty: true })).stdout).toContain('nothing changed');
  });

  test('sync of the same cluster has nothing to do', async () => {
    const node = await nodeWith(rule);
    expect((await sync(node, { stdin: cluster, proxy })).stdout).toContain('nothing changed');
    expect(print(node.kernel)).toContain(rule);
  });

  test('a sync after cleanup fills it again', async () => {
    const node = await nodeWith(rule);
    const before = print(node.kernel);
    await cleanup(node);
    await sync(node, { stdin: cluster, proxy });
    expect(print(node.kernel).split('\n').sort()).toEqual(before.split('\n').sort());
  });
});

test('without IPVS in between: VIPs are unbound before anything else can fail', async () => {
  const node = await nodeWith(masq);
  const before = node.commands.length;
  await cleanup(node);
  const programs = node.commands.slice(before).map(({ argv }) => argv.slice(0, 2).join(' '));
  expect(programs.indexOf('ip link')).toBeLessThan(programs.indexOf('ipvsadm --restore'));
  expect(programs.indexOf('ipvsadm --restore')).toBeLessThan(programs.indexOf('iptables-restore -w'));
});

describe('a set that other software uses and that must be recreated', () => {
  test.each(['timeout 600', 'maxelem 4', 'counters comment'])(
    'trades contents with a new one: %s',
    async extensions => {
      const rule = '-t filter -A THEIRS -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT';
      const node = await nodeWith(rule);
      const wanted = print(node.kernel);
      const old = wanted.replace(
        'create KUBE-CLUSTER-IP hash:ip,port',
        `create KUBE-CLUSTER-IP hash:ip,port ${extensions}`,
      );
      expect(old).not.toBe(wanted);
      const damaged = fakeNode(parse(old));
      expect(await sync(damaged, { stdin: cluster, proxy })).toMatchObject({ exitCode: 0 });
      expect(print(damaged.kernel)).toBe(wanted);
      expect((await reconciliationOn(damaged, clusterFrom(cluster), proxy)).plan).toEqual([]);
    },
  );
});

test('a set of another type that other software uses is left, and a temporary set serves meanwhile', async () => {
  const rule = '-t filter -A THEIRS -m set --match-set KUBE-CLUSTER-IP dst -j ACCEPT';
  const node = await nodeWith();
  const wanted = print(node.kernel);
  const old = wanted
    .replace(/create KUBE-CLUSTER-IP hash:ip,port/, 'create KUBE-CLUSTER-IP hash:ip')
    .replace(/add KUBE-CLUSTER-IP (\S+),tcp:80/g, 'add KUBE-CLUSTER-IP $1');
  const damaged = fakeNode(parse(`${old}\niptables ${rule}`));
  const outcome = await sync(damaged, { stdin: cluster, proxy });
  expect(outcome).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`iptables ${rule}`) });
  const text = print(damaged.kernel);
  expect(text).toContain('ipset create KUBE-CLUSTER-IP hash:ip\nipset create');
  expect(text).toContain('ipset add KUBE+CLUSTER-IP 10.96.0.1,tcp:80');
  expect(text.split('\n').filter(line => line.includes('match-set KUBE-CLUSTER-IP'))).toEqual([`iptables ${rule}`]);
  expect((await sync(damaged, { stdin: cluster, proxy })).stdout).toContain('nothing changed');
  // The rule is deleted, and the set gets its own name again.
  const free = fakeNode(parse(text.replace(`iptables ${rule}\n`, '')));
  await sync(free, { stdin: cluster, proxy });
  expect(print(free.kernel)).toBe(wanted);
});

describe('the users of', () => {
  test('sets are found in every table, and sets of sets too', () => {
    const text = `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
:X - [0:0]
-A PREROUTING -m comment --comment "--match-set KUBE-IPVS-IPS" -j ACCEPT
-A X -m set --match-set OTHER dst -j SET --add-set KUBE-CLUSTER-IP dst,dst
-A X -j KUBE-SERVICES
COMMIT
`;
    expect([...parseIptablesSave(text, 'IPv4')]).toEqual([
      {
        kind: 'foreign-use',
        of: 'set KUBE-CLUSTER-IP',
        user: 'iptables -t raw -A PREROUTING -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
      },
      {
        kind: 'foreign-use',
        of: 'set KUBE-CLUSTER-IP',
        user: 'iptables -t mangle -A X -m set --match-set OTHER dst -j SET --add-set KUBE-CLUSTER-IP dst,dst',
      },
    ]);
    expect([...parseIpsetSave('create L list:set size 8\nadd L KUBE-CLUSTER-IP\nadd L OTHER\n')]).toEqual([
      { kind: 'foreign-use', of: 'set KUBE-CLUSTER-IP', user: 'set L' },
    ]);
  });

  test('chains are found whatever comments say', () => {
    const text = `*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:X - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -m comment --comment "-j" -j X
-A X -m comment --comment "-j KUBE-SERVICES" -j RETURN
-A X -m comment --comment -j -j KUBE-SERVICES
COMMIT
`;
    const found = [...parseIptablesSave(text, 'IPv4')];
    expect(found.filter(({ kind }) => kind === 'foreign-use')).toEqual([
      {
        kind: 'foreign-use',
        of: 'chain IPv4 nat KUBE-SERVICES',
        user: 'iptables -t nat -A X -m comment --comment -j -j KUBE-SERVICES',
      },
    ]);
    expect(found.filter(({ kind }) => kind === 'jumps')).toHaveLength(1);
  });
});
