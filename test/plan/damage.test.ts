import { expect, test } from 'vitest';
import { subjectOf } from '../../src/node/change.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { edited, type FakeNode, fakeNode, parse, print } from '../support/fake-node/index.js';
import { clusterFrom } from '../support/parity-case.js';
import { tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { reconciliationOn, syncedNode, syncOnce } from '../support/synced-node.js';

const cluster = clusterFrom(
  listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3', '10.244.2.2'])),
);

/** Returns the text of the node's kernel after a sync. */
const syncedText = async (): Promise<string> => print((await syncedNode(cluster, tutorialProxy)).kernel);

const device = 'ip link add kube-ipvs0 type dummy';
const vip = 'ip addr add 10.96.0.1/32 dev kube-ipvs0';
const clusterIp = 'ipset add KUBE-CLUSTER-IP 10.96.0.1,tcp:80';
const services = [
  'iptables -t nat -A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN',
  'iptables -t nat -A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
] as const;
const forwarding = [
  '-m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
  '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
].map(rule => `iptables -t filter -A KUBE-FORWARD ${rule}`);
const prerouting = 'iptables -t nat -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES';
const postrouting =
  'iptables -t nat -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING';
const forward = 'iptables -t filter -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD';
const virtualServer = 'ipvsadm -A -t 10.96.0.1:80 -s rr';
const realServer = 'ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1';
const lastLine = 'ipvsadm -a -t 10.96.0.1:80 -r 10.244.2.2:8080 -m -w 1';

const lines = (...some: readonly string[]): string => some.join('\n');

/** What happens to the lines of a node, and the whole plan that repairs it. */
const damages: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    'sets have another type',
    {
      'ipset create KUBE-IPVS-IPS hash:ip':
        'ipset create KUBE-IPVS-IPS hash:ip,port\nipset create KUBE-LOOP-BACK hash:ip',
      'ipset add KUBE-IPVS-IPS 10.96.0.1': '',
    },
    [
      'add set KUBE+IPVS-IPS hash:ip',
      'add entry 10.96.0.1 in KUBE+IPVS-IPS',
      'change chain KUBE-IPVS-FILTER in iptables -t filter',
      'change set KUBE-IPVS-IPS hash:ip',
      'add entry 10.96.0.1 in KUBE-IPVS-IPS',
      'change chain KUBE-IPVS-FILTER in iptables -t filter',
      'remove set KUBE-LOOP-BACK hash:ip maxelem 65536',
      'remove set KUBE+IPVS-IPS hash:ip',
    ],
  ],
  ['a rule is deleted', { [services[0]]: '' }, ['change chain KUBE-SERVICES in iptables -t nat']],
  [
    'a rule is added',
    { [services[1]]: lines(services[1], 'iptables -t nat -A KUBE-SERVICES -j RETURN') },
    ['change chain KUBE-SERVICES in iptables -t nat'],
  ],
  [
    'a chain is flushed',
    Object.fromEntries(forwarding.map(line => [line, ''])),
    ['change chain KUBE-FORWARD in iptables -t filter'],
  ],
  [
    'a jump is present twice',
    { [prerouting]: lines(prerouting, prerouting) },
    ['change jumps from PREROUTING in iptables -t nat to KUBE-SERVICES'],
  ],
  [
    'a jump is below a rule that ends no packet, which is right',
    { [forward]: lines('iptables -t filter -A FORWARD -j LOG', forward) },
    [],
  ],
  [
    'a jump is below a DROP',
    { [forward]: lines('iptables -t filter -A FORWARD -s 10.0.0.0/8 -j DROP', forward) },
    ['change jumps from FORWARD in iptables -t filter to KUBE-FORWARD'],
  ],
  ['a jump is missing', { [postrouting]: '' }, ['add jumps from POSTROUTING in iptables -t nat to KUBE-POSTROUTING']],
  [
    'a virtual server has another scheduler',
    { [virtualServer]: 'ipvsadm -A -t 10.96.0.1:80 -s lc' },
    ['change virtual server TCP 10.96.0.1:80 rr'],
  ],
  [
    'a virtual server has session affinity that no Service wants',
    { [virtualServer]: 'ipvsadm -A -t 10.96.0.1:80 -s rr -p 10' },
    ['change virtual server TCP 10.96.0.1:80 rr'],
  ],
  [
    'a real server has weight 0',
    { [realServer]: 'ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 0' },
    ['change real server 10.244.1.3:8080 of TCP 10.96.0.1:80, weight 1'],
  ],
  [
    'a real server has another forwarding method',
    { [realServer]: 'ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080 -g -w 1' },
    ['change real server 10.244.1.3:8080 of TCP 10.96.0.1:80, weight 1'],
  ],
  [
    'the kernel lists masquerading to the node itself as local, which is right',
    { [realServer]: `${realServer} # Local` },
    [],
  ],
  [
    'a kernel parameter is wrong',
    { 'sysctl net.ipv4.vs.conntrack=1': 'sysctl net.ipv4.vs.conntrack=0' },
    ['change sysctl net.ipv4.vs.conntrack = 1'],
  ],
  [
    'a VIP is present with another prefix beside the right one',
    { [vip]: lines(vip, 'ip addr add 10.96.0.1/24 dev kube-ipvs0') },
    ['remove address 10.96.0.1/24 on kube-ipvs0'],
  ],
  [
    'the device has another type, so that its addresses are removed with it',
    { [device]: 'ip link add kube-ipvs0 type veth' },
    ['change dummy device kube-ipvs0', 'add address 10.96.0.1/32 on kube-ipvs0'],
  ],
  [
    'the device is missing',
    { [device]: '', [vip]: '' },
    ['add dummy device kube-ipvs0', 'add address 10.96.0.1/32 on kube-ipvs0'],
  ],
  [
    'an entry was cut off',
    { [clusterIp]: lines(clusterIp, 'ipset add KUBE-CLUSTER-IP 10.96.0.1,tcp:8') },
    ['remove entry 10.96.0.1,tcp:8 in KUBE-CLUSTER-IP'],
  ],
  [
    'a virtual server on a VIP is one that no Service wants, with a real server',
    {
      [lastLine]: lines(
        lastLine,
        'ipvsadm -A -t 10.96.0.1:81 -s rr',
        'ipvsadm -a -t 10.96.0.1:81 -r 10.244.1.3:8080 -m -w 1',
      ),
    },
    ['remove virtual server TCP 10.96.0.1:81 rr'],
  ],
];

const planText = async (on: FakeNode): Promise<readonly string[]> => {
  const { plan } = await reconciliationOn(on, cluster, tutorialProxy);
  return plan.map(change => `${change.verb} ${kindOf(subjectOf(change)).describe(subjectOf(change))}`);
};

/** Returns the lines of a text without other software's rules, which a repair leaves in place. */
const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => !/-j (LOG|DROP)/.test(line));

test.each(damages)('one sync repairs a node on which %s', async (_, edits, repair) => {
  const text = await syncedText();
  expect(await planText(fakeNode(parse(text)))).toEqual([]);
  const node = fakeNode(parse(edited(text, edits)));
  expect(await planText(node)).toEqual(repair);
  await syncOnce(node, cluster, tutorialProxy);
  expect(await planText(node)).toEqual([]);
  expect(linesOf(print(node.kernel)).map(line => line.replace(' # Local', ''))).toEqual(linesOf(text));
});

test('one sync repairs a node on which everything is wrong at once', async () => {
  const some = damages.filter(([name]) => !name.startsWith('the device'));
  const node = fakeNode(
    parse(
      edited(await syncedText(), {
        ...Object.assign({}, ...some.map(([, edits]) => edits)),
        [virtualServer]: 'ipvsadm -A -t 10.96.0.1:80 -s lc -p 10',
        [realServer]: 'ipvsadm -a -t 10.96.0.1:80 -r 10.244.1.3:8080 -g -w 0',
      }),
    ),
  );
  await syncOnce(node, cluster, tutorialProxy);
  expect(await planText(node)).toEqual([]);
  expect(linesOf(print(node.kernel))).toEqual(linesOf(await syncedText()));
});
