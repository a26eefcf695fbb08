import { expect, test } from 'vitest';
import { blameText } from '../../../src/explain/cause/blame-text.js';
import { causeOf } from '../../../src/explain/cause/cause-of.js';
import type { Datapath, Route } from '../../../src/node/datapath/datapath.js';
import {
  type Asked,
  type ClientName,
  causeInput,
  clients,
  damagedNode,
  programmedText,
  vip,
} from '../support/damaged-node.js';
import { withChain, withLink, withSysctls } from '../support/edits.js';

const allClients = Object.keys(clients) as ClientName[];
const closedPort: Asked = { port: 9100, servicePort: undefined, kind: 'address' };

interface Damage {
  readonly what: string;
  /** Texts of which each line of the kernel's text that has one is removed. */
  readonly without?: readonly string[];
  readonly edit?: (datapath: Datapath) => Datapath;
  /** The clients whose flows have the cause. All others have none. */
  readonly sufferers: readonly ClientName[];
  readonly summary: string;
  readonly commands: readonly string[];
}

const forwardDrop = (datapath: Datapath): Datapath =>
  withChain(datapath, 'filter', 'FORWARD', chain => ({ ...chain, policy: 'DROP' }));

const services = 'KUBE-SERVICES';
const damages: readonly Damage[] = [
  {
    what: 'the rule that marks',
    without: ['-A KUBE-MARK-MASQ'],
    sufferers: ['inajob', 'outside'],
    summary: 'Rule 1 of KUBE-MARK-MASQ in iptables -t nat is missing (-j MARK --set-xmark 0x4000/0x4000).',
    commands: ['iptables -w -t nat -I KUBE-MARK-MASQ 1 -j MARK --set-xmark 0x4000/0x4000'],
  },
  {
    what: 'the rule that sends sources outside the Pods’ network to be marked',
    without: ['-A KUBE-SERVICES ! -s'],
    sufferers: ['inajob', 'outside'],
    summary:
      `Rule 2 of ${services} in iptables -t nat is missing (! -s 10.244.0.0/16 -m comment --comment ` +
      '"Kubernetes service cluster ip + port for masquerade purpose" -m set --match-set KUBE-CLUSTER-IP dst,dst ' +
      '-j KUBE-MARK-MASQ).',
    commands: [
      `iptables -w -t nat -I ${services} 2 ! -s 10.244.0.0/16 -m comment --comment ` +
        '"Kubernetes service cluster ip + port for masquerade purpose" -m set --match-set KUBE-CLUSTER-IP dst,dst ' +
        '-j KUBE-MARK-MASQ',
    ],
  },
  {
    what: 'the rule that masquerades',
    without: ['requiring SNAT'],
    sufferers: ['inajob', 'outside'],
    summary:
      'Rule 4 of KUBE-POSTROUTING in iptables -t nat is missing (-m comment --comment ' +
      '"kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully).',
    commands: [
      'iptables -w -t nat -I KUBE-POSTROUTING 4 -m comment --comment ' +
        '"kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    ],
  },
  {
    what: 'the rule that leaves unmarked packets alone',
    without: ['-A KUBE-POSTROUTING -m mark !'],
    sufferers: ['client-inajob', 'web-inajob'],
    summary: 'Rule 2 of KUBE-POSTROUTING in iptables -t nat is missing (-m mark ! --mark 0x4000/0x4000 -j RETURN).',
    commands: ['iptables -w -t nat -I KUBE-POSTROUTING 2 -m mark ! --mark 0x4000/0x4000 -j RETURN'],
  },
  {
    what: 'the jump from OUTPUT',
    without: ['-A OUTPUT'],
    sufferers: ['inajob'],
    summary: `The jump from OUTPUT in iptables -t nat to ${services} is missing.`,
    commands: [`iptables -w -t nat -I OUTPUT -m comment --comment "kubernetes service portals" -j ${services}`],
  },
  {
    what: 'the jump from PREROUTING',
    without: ['-A PREROUTING'],
    sufferers: ['outside'],
    summary: `The jump from PREROUTING in iptables -t nat to ${services} is missing.`,
    commands: [`iptables -w -t nat -I PREROUTING -m comment --comment "kubernetes service portals" -j ${services}`],
  },
  {
    what: 'the jump from POSTROUTING',
    without: ['-A POSTROUTING'],
    sufferers: ['inajob', 'web-inajob', 'outside'],
    summary: 'The jump from POSTROUTING in iptables -t nat to KUBE-POSTROUTING is missing.',
    commands: [
      'iptables -w -t nat -I POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
    ],
  },
  {
    what: 'conntrack of IPVS',
    without: ['sysctl net.ipv4.vs.conntrack=1'],
    sufferers: ['inajob', 'web-inajob', 'outside'],
    summary: 'The kernel parameter net.ipv4.vs.conntrack is 0 and should be 1.',
    commands: ['echo 1 | tee /proc/sys/net/ipv4/vs/conntrack'],
  },
  {
    what: 'forwarding',
    without: ['sysctl net.ipv4.ip_forward=1'],
    sufferers: ['client-inajob', 'web-inajob', 'outside'],
    summary: 'The kernel parameter net.ipv4.ip_forward is 0 and should be 1.',
    commands: ['echo 1 | tee /proc/sys/net/ipv4/ip_forward'],
  },
  {
    what: 'the entry in KUBE-CLUSTER-IP',
    without: ['ipset add KUBE-CLUSTER-IP'],
    sufferers: allClients,
    summary: `The entry ${vip},tcp:80 is missing in KUBE-CLUSTER-IP.`,
    commands: [`ipset add KUBE-CLUSTER-IP ${vip},tcp:80`],
  },
  {
    what: 'the entry in KUBE-LOOP-BACK',
    without: ['ipset add KUBE-LOOP-BACK'],
    sufferers: ['web-inajob'],
    summary: 'The entry 10.244.1.3,tcp:8080,10.244.1.3 is missing in KUBE-LOOP-BACK.',
    commands: ['ipset add KUBE-LOOP-BACK 10.244.1.3,tcp:8080,10.244.1.3'],
  },
  {
    what: 'the real server on this node',
    without: ['-r 10.244.1.3:8080'],
    sufferers: allClients,
    summary: `The real server 10.244.1.3:8080 of TCP ${vip}:80 is missing.`,
    commands: [`ipvsadm -a -t ${vip}:80 -r 10.244.1.3:8080 -m`],
  },
  {
    what: 'the virtual server, with its real servers',
    without: ['ipvsadm'],
    sufferers: allClients,
    summary: `The virtual server TCP ${vip}:80 is missing.`,
    commands: [
      `ipvsadm -A -t ${vip}:80 -s rr`,
      `ipvsadm -a -t ${vip}:80 -r 10.244.1.3:8080 -m`,
      `ipvsadm -a -t ${vip}:80 -r 10.244.2.2:8080 -m`,
    ],
  },
  {
    what: 'the VIP on the IPVS device',
    without: [`ip addr add ${vip}`],
    sufferers: ['client-inajob', 'web-inajob', 'outside'],
    summary: `The address ${vip} is missing on kube-ipvs0.`,
    commands: [`ip addr add ${vip} dev kube-ipvs0`],
  },
  {
    what: 'the jump from FORWARD, whose policy is DROP',
    without: ['-A FORWARD'],
    edit: forwardDrop,
    sufferers: ['client-inajob', 'web-inajob', 'outside'],
    summary: 'The jump from FORWARD in iptables -t filter to KUBE-FORWARD is missing.',
    commands: ['iptables -w -t filter -I FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD'],
  },
  {
    what: 'the rule that lets Service packets to a VIP pass',
    without: ['-A KUBE-IPVS-FILTER -m set'],
    sufferers: ['client-inajob', 'web-inajob', 'outside'],
    summary:
      'Rule 1 of KUBE-IPVS-FILTER in iptables -t filter is missing ' +
      '(-m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN).',
    commands: ['iptables -w -t filter -I KUBE-IPVS-FILTER 1 -m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN'],
  },
];

const damagedText = async ({ without = [] }: Damage): Promise<string> =>
  (await programmedText())
    .split('\n')
    .filter(line => !without.some(part => line.includes(part)))
    .join('\n');

test.each(allClients)('a client of a healthy node gets an answer, and there is no cause: %s', async client => {
  const input = await causeInput(damagedNode(await programmedText()), client);
  expect(input.now.verdict).toBe('answered');
  expect(causeOf(input)).toBeUndefined();
});

test.each(damages)('without $what, exactly that is the cause for the clients that suffer', async damage => {
  const node = damagedNode(await damagedText(damage), damage.edit);
  for (const client of allClients) {
    const { summary, commands } = causeOf(await causeInput(node, client)) ?? {};
    if (damage.sufferers.includes(client))
      expect({ client, summary, commands }).toEqual({ client, summary: damage.summary, commands: damage.commands });
    else expect({ client, summary }).toEqual({ client, summary: undefined });
  }
});

test.each([
  ['-A KUBE-IPVS-FILTER -m conntrack', 'Rule 2 of KUBE-IPVS-FILTER in iptables -t filter is missing'],
  ['-A INPUT', 'The jump from INPUT in iptables -t filter to KUBE-IPVS-FILTER is missing.'],
  ['ipset add KUBE-IPVS-IPS', `The entry ${vip} is missing in KUBE-IPVS-IPS.`],
])('without %s, a closed port of the VIP is open', async (part, summary) => {
  const text = (await programmedText()).split('\n').filter(line => !line.includes(part));
  const input = await causeInput(damagedNode(text.join('\n')), 'client-inajob', closedPort);
  expect(input.now.verdict).toBe('answered');
  const cause = causeOf(input);
  expect(cause?.summary).toContain(summary);
  expect(cause?.why).toContain(`The packet should not be answered: No Service has the port TCP 9100 at ${vip}.`);
});

test('a rule too many in one of kproxy’s chains is named with its number', async () => {
  const node = damagedNode(
    (await programmedText()).replace(
      'iptables -t filter -A KUBE-FORWARD',
      'iptables -t filter -A KUBE-FORWARD -d 10.244.1.9/32 -j DROP\niptables -t filter -A KUBE-FORWARD',
    ),
  );
  const cause = causeOf(await causeInput(node, 'client-inajob'));
  expect(cause).toMatchObject({
    summary: 'Rule 1 of KUBE-FORWARD in iptables -t filter does not belong there (-d 10.244.1.9/32 -j DROP).',
    commands: ['iptables -w -t filter -D KUBE-FORWARD 1'],
  });
  expect(causeOf(await causeInput(node, 'inajob'))).toBeUndefined();
});

test('a real server too many gets packets that no endpoint answers', async () => {
  const text = `${await programmedText()}ipvsadm -a -t ${vip}:80 -r 10.244.2.99:8080 -m -w 1\n`;
  expect(causeOf(await causeInput(damagedNode(text), 'client-inajob'))).toMatchObject({
    summary: `The real server 10.244.2.99:8080 of TCP ${vip}:80, weight 1 is there, and no Service needs it.`,
    commands: [`ipvsadm -d -t ${vip}:80 -r 10.244.2.99:8080`],
  });
});

test('a real server of weight 0 is named with its weight', async () => {
  const text = (await programmedText()).replace('-r 10.244.2.2:8080 -m -w 1', '-r 10.244.2.2:8080 -m -w 0');
  expect(causeOf(await causeInput(damagedNode(text), 'outside'))).toMatchObject({
    summary: expect.stringContaining('weight is 0, should be 1'),
    commands: [`ipvsadm -e -t ${vip}:80 -r 10.244.2.2:8080 -m -w 1`],
  });
});

test('another scheduler and an entry too many change no flow', async () => {
  const text = `${(await programmedText()).replace('-s rr', '-s wlc')}ipset add KUBE-CLUSTER-IP 192.0.2.7,udp:53\n`;
  for (const client of allClients) expect(causeOf(await causeInput(damagedNode(text), client))).toBeUndefined();
});

test('a rule of other software before kproxy’s jumps is named, and sync puts the jumps first', async () => {
  const text = (await programmedText()).replace(
    'iptables -t filter -A FORWARD',
    'iptables -t filter -A FORWARD -j DROP\niptables -t filter -A FORWARD',
  );
  const cause = causeOf(await causeInput(damagedNode(text), 'client-inajob'));
  expect(cause).toMatchObject({
    summary: 'Rule 1 of FORWARD in iptables -t filter drops the packet (-j DROP).',
    commands: ['kproxy sync'],
    blame: { part: 'rule', chain: 'FORWARD', number: 1 },
  });
  expect(cause?.why).toContain("comes before kproxy's jumps in FORWARD. kproxy sync puts these first.");
});

test('a rule of other software that kproxy cannot get before is named with the command that deletes it', async () => {
  const drop = (datapath: Datapath) =>
    withChain(datapath, 'filter', 'INPUT', chain => ({
      ...chain,
      rules: [...chain.rules, { argv: ['-p', 'tcp', '-m', 'tcp', '--dport', '80', '-j', 'DROP'] }],
    }));
  const cause = causeOf(await causeInput(damagedNode(await programmedText(), drop), 'outside'));
  expect(cause).toMatchObject({
    summary: 'Rule 2 of INPUT in iptables -t filter drops the packet (-p tcp -m tcp --dport 80 -j DROP).',
    commands: ['iptables -t filter -D INPUT 2'],
  });
  expect(cause?.why).toContain('not of kproxy');
});

test('if two rules of other software are in the way, both are named', async () => {
  const drops = (datapath: Datapath) =>
    withChain(datapath, 'filter', 'INPUT', chain => ({
      ...chain,
      rules: [...chain.rules, { argv: ['-p', 'tcp', '-j', 'DROP'] }, { argv: ['-s', '192.168.33.0/24', '-j', 'DROP'] }],
    }));
  const cause = causeOf(await causeInput(damagedNode(await programmedText(), drops), 'outside'));
  expect(cause?.summary).toContain('(-p tcp -j DROP)');
  expect(cause?.why).toContain('It is not all that is in the way: Rule 3 of INPUT in iptables -t filter drops');
  // The last one is deleted first, so that the other one keeps its number.
  expect(cause?.commands).toEqual(['iptables -t filter -D INPUT 3', 'iptables -t filter -D INPUT 2']);
});

test('a rule of other software has the number that it has before kproxy puts its jumps first', async () => {
  const text = (await programmedText()).replace(
    'iptables -t filter -A INPUT',
    'iptables -t filter -A INPUT -j DROP\niptables -t filter -A INPUT',
  );
  expect(causeOf(await causeInput(damagedNode(text), 'outside'))).toMatchObject({
    summary: 'Rule 1 of INPUT in iptables -t filter drops the packet (-j DROP).',
    commands: ['iptables -t filter -D INPUT 1'],
    blame: { number: 1 },
  });
});

test('rules of other software are deleted before kproxy adds what moves them', async () => {
  const text = (await programmedText()).replace(
    'iptables -t filter -A FORWARD',
    'iptables -t filter -A FORWARD -j DROP\niptables -t filter -A FORWARD',
  );
  const dropped = (datapath: Datapath): Datapath =>
    withChain(datapath, 'filter', 'OUTPUT', chain => ({
      ...chain,
      rules: [{ argv: ['-d', '10.244.1.3/32', '-j', 'DROP'] }],
    }));
  const cause = causeOf(await causeInput(damagedNode(text, dropped), 'outside'));
  expect(cause?.commands).toEqual(['iptables -t filter -D OUTPUT 1', 'kproxy sync']);
});

const foreignRules = [
  ['nat', 'POSTROUTING', '-p tcp -m tcp --dport 8080 -j SNAT --to-source 192.0.2.9', 'changes the source'],
  ['nat', 'PREROUTING', '-p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.9', 'changes the destination'],
  ['nat', 'PREROUTING', '-p tcp -m tcp --dport 80 -j REDIRECT --to-ports 9999', 'changes the destination'],
  ['nat', 'PREROUTING', '-p tcp -j ACCEPT', 'accepts the packet'],
  ['raw', 'PREROUTING', '-p tcp -j CT --notrack', 'changes how conntrack sees the packet'],
] as const;

test.each(foreignRules)('a rule in %s %s that sends packets astray is named: %s', async (table, name, rule, verb) => {
  const first = (datapath: Datapath): Datapath => {
    const known = datapath.tables.some(one => one.name === table && one.family === 'IPv4');
    const empty = { family: 'IPv4', name: table, chains: [{ name, policy: 'ACCEPT', rules: [] }] } as const;
    const tables = known ? datapath.tables : [...datapath.tables, empty];
    return withChain({ ...datapath, tables }, table, name, chain => ({
      ...chain,
      rules: [{ argv: rule.split(' ') }, ...chain.rules],
    }));
  };
  const input = await causeInput(damagedNode(await programmedText(), first), 'outside');
  expect(input.now.verdict).not.toBe('answered');
  const cause = causeOf(input);
  expect(cause?.summary).toContain(`Rule 1 of ${name} in iptables -t ${table} ${verb}`);
  expect(cause?.commands).toEqual([`iptables -t ${table} -D ${name} 1`]);
});

test('a rule that kproxy does not understand is named, and what it does is not guessed', async () => {
  const unknown = (datapath: Datapath) =>
    withChain(datapath, 'filter', 'INPUT', chain => ({
      ...chain,
      rules: [...chain.rules, { argv: ['-m', 'string', '--string', 'x', '--algo', 'bm', '-j', 'DROP'] }],
    }));
  const input = await causeInput(damagedNode(await programmedText(), unknown), 'outside');
  expect(input.now.verdict).toBe('unknown');
  expect(causeOf(input)).toMatchObject({
    summary:
      'Rule 2 of INPUT in iptables -t filter decides, and kproxy does not know the match string ' +
      '(-m string --string x --algo bm -j DROP).',
    commands: [],
  });
});

test('a device that is down is named instead of the route that is gone with it', async () => {
  const down = (datapath: Datapath): Datapath => {
    const name = datapath.links.find(({ type }) => type === 'bridge')?.name ?? '';
    const { routes, ...rest } = withLink(datapath, name, { isUp: false });
    const isLeft = ({ type, destination, hops }: Route) =>
      type === 'local' || (hops[0]?.device !== name && destination !== '0.0.0.0/0');
    return { ...rest, routes: routes.filter(isLeft) };
  };
  const cause = causeOf(await causeInput(damagedNode(await programmedText(), down), 'outside'));
  expect(cause?.summary).toMatch(/^The device \S+ is down\.$/);
  expect(cause?.why).not.toContain('not all');
  expect(cause?.commands).toEqual([expect.stringMatching(/^ip link set dev \S+ up$/)]);
});

test('a virtual server of another port is a near miss', async () => {
  const text = (await programmedText()).replaceAll(`-t ${vip}:80 `, `-t ${vip}:8080 `);
  const cause = causeOf(await causeInput(damagedNode(text), 'outside'));
  expect(cause?.nearMisses).toContain(`IPVS has TCP ${vip}:8080.`);
});

test('a parameter of a device with a dot in its name is written as sysctl takes it', () => {
  const name = 'net/ipv4/conf/eth0.100/forwarding';
  const { summary, commands } = blameText({ part: 'sysctl', name, value: '0', needed: '1', why: 'Why.' });
  expect(summary).toContain('net.ipv4.conf.eth0/100.forwarding is 0');
  expect(commands).toEqual([['sysctl', '-w', 'net.ipv4.conf.eth0/100.forwarding=1']]);
});

test('a bridge that hides its packets from iptables is named', async () => {
  const node = damagedNode(await programmedText(), datapath =>
    withSysctls(datapath, { 'net/bridge/bridge-nf-call-iptables': '0' }),
  );
  expect(causeOf(await causeInput(node, 'client-inajob'))).toMatchObject({
    summary: 'The kernel parameter net.bridge.bridge-nf-call-iptables is 0 and should be 1.',
    commands: ['sysctl -w net.bridge.bridge-nf-call-iptables=1'],
  });
  expect(causeOf(await causeInput(node, 'outside'))).toBeUndefined();
});

test('a port of a bridge without hairpin is named', async () => {
  const node = damagedNode(await programmedText(), datapath => ({
    ...withLink(datapath, 'veth0', { isHairpin: false }),
    bridgePorts: { '10.244.1.3': 'veth0' },
  }));
  expect(causeOf(await causeInput(node, 'web-inajob'))).toMatchObject({
    summary: 'The bridge does not return packets to its port veth0 (hairpin).',
    commands: ['bridge link set dev veth0 hairpin on'],
  });
});

test('of two damages, both are named and both are repaired', async () => {
  const text = (await programmedText()).split('\n').filter(line => !/-A KUBE-MARK-MASQ|-r 10.244.1.3/.test(line));
  const cause = causeOf(await causeInput(damagedNode(text.join('\n')), 'outside'));
  expect([cause?.summary, cause?.why].join(' ')).toContain('Rule 1 of KUBE-MARK-MASQ in iptables -t nat');
  expect([cause?.summary, cause?.why].join(' ')).toContain('The real server 10.244.1.3:8080');
  expect(cause?.commands).toEqual(['kproxy sync']);
});

test('on a node that was never synced, the command that syncs it is the answer', async () => {
  const bare = 'modprobe ip_vs\nip addr del 10.10.0.11/24 dev eth0\nip addr add 192.168.33.11/24 dev eth0\n';
  const cause = causeOf(await causeInput(damagedNode(bare), 'client-inajob'));
  expect(cause?.summary).toMatch(/^This node is not in sync: the flow needs \d+ changes of kproxy\.$/);
  expect(cause?.commands).toEqual(['kproxy sync']);
});
