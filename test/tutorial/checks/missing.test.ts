import { describe, expect, test } from 'vitest';
import type { Check } from '../../../src/tutorial/checks/check.js';
import { missingOf } from '../../../src/tutorial/checks/index.js';
import type { Observed } from '../../../src/tutorial/observe/observed.js';
import {
  chainsOf,
  endpointsObject,
  linksOf,
  observed,
  said,
  serversOf,
  serviceObject,
  setsOf,
} from './support/observed.js';

const on = 'inajob';
const server = 'TCP 10.254.10.128:80';

/** The observation, and what the check then says in English. */
type Situations = Readonly<Record<string, readonly [Observed, string | undefined]>>;

function describeCheck(check: Check, situations: Situations): void {
  describe(check.kind, () => {
    test.each(Object.entries(situations))('%s', (_, [situation, reason]) => {
      expect(missingOf(check, situation)?.en).toBe(reason);
    });
  });
}

describeCheck(
  { kind: 'set', on, name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port' },
  {
    'passes if the set is there': [observed({ inajob: setsOf({ 'KUBE-CLUSTER-IP': [] }) }), undefined],
    'names a set that is not there': [observed({}), 'inajob has no set KUBE-CLUSTER-IP.'],
    'names a set that is there by another name': [
      observed({ inajob: setsOf({ 'KUBE-CLUSTERIP': [] }) }),
      'There is a set KUBE-CLUSTERIP, but none named KUBE-CLUSTER-IP. Check the spelling.',
    ],
    'names another type': [
      observed({ inajob: setsOf({ 'KUBE-CLUSTER-IP': [] }, 'hash:ip') }),
      'The set KUBE-CLUSTER-IP is there, but its type is hash:ip and must be hash:ip,port. ' +
        'A set cannot change its type. Remove it with `ipset destroy KUBE-CLUSTER-IP` and create it again.',
    ],
    'names the other family': [
      observed({
        inajob: { sets: new Map([['KUBE-CLUSTER-IP', { type: 'hash:ip,port', isIpv6: true, entries: [] }]]) },
      }),
      'The set KUBE-CLUSTER-IP is there, but it is for IPv6 addresses (family inet6), ' +
        'and the Service has an IPv4 address.',
    ],
    'says that everything ran on another machine': [
      observed({ yuanying: setsOf({ 'KUBE-CLUSTER-IP': [] }), said: [said('yuanying', ''), said('master', '')] }),
      'inajob has no set KUBE-CLUSTER-IP. ' +
        'All commands of this task ran on yuanying, master, but it is about inajob.',
    ],
    'says nothing of other machines if something ran on this one': [
      observed({ said: [said('yuanying', ''), said('inajob', '')] }),
      'inajob has no set KUBE-CLUSTER-IP.',
    ],
  },
);

const withEntries = (...entries: readonly string[]) => observed({ inajob: setsOf({ 'KUBE-CLUSTER-IP': entries }) });
const entry = { kind: 'entry', on, set: 'KUBE-CLUSTER-IP', value: '10.254.10.128,tcp:80' } as const;

describeCheck(entry, {
  'passes if the entry is there': [withEntries('10.254.10.1,tcp:80', '10.254.10.128,tcp:80'), undefined],
  'names a set that is not there': [observed({}), 'inajob has no set KUBE-CLUSTER-IP.'],
  'names an entry that is not there': [withEntries(), 'The set KUBE-CLUSTER-IP has no entry 10.254.10.128,tcp:80.'],
  'names another port': [
    withEntries('10.254.10.128,tcp:8080'),
    "The entry is there, but its port is 8080 and the Service's is 80.",
  ],
  'names another protocol': [
    withEntries('10.254.10.128,udp:80'),
    "The entry is there, but its protocol is udp and the Service's is tcp.",
  ],
  'names another address': [
    withEntries('10.254.10.182,tcp:80'),
    "An entry is there, but its address is 10.254.10.182 and the Service's is 10.254.10.128.",
  ],
  'takes an entry with another port before one with another address': [
    withEntries('10.254.10.182,tcp:80', '10.254.10.128,tcp:8080'),
    "The entry is there, but its port is 8080 and the Service's is 80.",
  ],
  'knows that another address may be that of another Service': [
    observed({
      inajob: setsOf({ 'KUBE-CLUSTER-IP': ['10.254.10.129,tcp:80'] }),
      objects: { 'service/warehouse': serviceObject('10.254.10.129') },
    }),
    'The set KUBE-CLUSTER-IP has no entry 10.254.10.128,tcp:80.',
  ],
  'takes no entry that differs in two parts for a similar one': [
    withEntries('10.254.10.128,udp:53'),
    'The set KUBE-CLUSTER-IP has no entry 10.254.10.128,tcp:80.',
  ],
  'names the other set that has the entry': [
    observed({ inajob: setsOf({ 'KUBE-CLUSTER-IP': [], OTHER: ['10.254.10.128,tcp:80'] }) }),
    'The entry 10.254.10.128,tcp:80 is in the set OTHER, but it must be in KUBE-CLUSTER-IP.',
  ],
});

describeCheck(
  { ...entry, isAbsent: true },
  {
    'passes without the entry': [withEntries('10.254.10.128,udp:80'), undefined],
    'passes without the set': [observed({}), undefined],
    'names an entry that is still there': [
      withEntries('10.254.10.128,tcp:80'),
      'The set KUBE-CLUSTER-IP still has the entry 10.254.10.128,tcp:80.',
    ],
  },
);

const withChains = (chains: Readonly<Record<string, readonly string[]>>) => observed({ inajob: chainsOf(chains) });

describeCheck(
  { kind: 'chain', on, table: 'nat', chain: 'KUBE-MARK-MASQ' },
  {
    'passes if the chain is there': [withChains({ 'nat KUBE-MARK-MASQ': [] }), undefined],
    'names a chain that is not there': [
      withChains({ 'nat OUTPUT': [], 'filter KUBE-FORWARD': [] }),
      'The table nat has no chain KUBE-MARK-MASQ.',
    ],
    'names a chain in another table': [
      withChains({ 'filter KUBE-MARK-MASQ': [] }),
      'The chain KUBE-MARK-MASQ is in the table filter, but it must be in nat (`-t nat`).',
    ],
    'names a chain by another name': [
      withChains({ 'nat KUBE-MARK-MASK': [], 'filter KUBE-MARK-MASQ': [] }),
      'The table nat has a chain KUBE-MARK-MASK, but none named KUBE-MARK-MASQ. Check the spelling.',
    ],
  },
);

const services = {
  kind: 'rule',
  on,
  table: 'nat',
  chain: 'KUBE-SERVICES',
  rule: '! -s 10.244.0.0/16 -m comment --comment "why" -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ',
} as const;
const typed = '! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ';
const withServices = (...rules: readonly string[]) => withChains({ 'nat KUBE-SERVICES': rules });
const noSuchRule = 'The chain KUBE-SERVICES of the table nat does not have the rule yet.';
const almost = 'Rule 1 of KUBE-SERVICES is almost the right one, but it';

describeCheck(services, {
  'passes with the rule': [withServices(services.rule), undefined],
  'passes with the rule behind others': [withServices('-s 127.0.0.0/8 -j RETURN', services.rule), undefined],
  'passes without the comment': [withServices(typed), undefined],
  'passes with another comment, which may look like options': [
    withServices(services.rule.replace('"why"', '"! -j ACCEPT -m set --match-set X src \\"quoted\\""')),
    undefined,
  ],
  'passes with the matches in another order': [
    withServices(
      '! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -m comment --comment why -j KUBE-MARK-MASQ',
    ),
    undefined,
  ],
  'names a chain that is not there': [withChains({}), 'The table nat has no chain KUBE-SERVICES.'],
  'names the chain of a rule that is not there': [withServices(), noSuchRule],
  'names a lacking negation': [
    withServices(typed.replace('! ', '')),
    `${almost} has \`-s 10.244.0.0/16\` instead of \`! -s 10.244.0.0/16\`.`,
  ],
  'names other directions of a set': [
    withServices(typed.replace('dst,dst', 'src,dst')),
    `${almost} has \`--match-set KUBE-CLUSTER-IP src,dst\` instead of \`--match-set KUBE-CLUSTER-IP dst,dst\`.`,
  ],
  'names another target': [
    withServices(typed.replace('KUBE-MARK-MASQ', 'ACCEPT')),
    `${almost} has \`-j ACCEPT\` instead of \`-j KUBE-MARK-MASQ\`.`,
  ],
  'names a lacking argument': [
    withServices(typed.replace('! -s 10.244.0.0/16 ', '')),
    `${almost} lacks \`! -s 10.244.0.0/16\`.`,
  ],
  'names an argument too many': [withServices(`-p tcp ${typed}`), `${almost} also has \`-p tcp\`.`],
  'takes no other rule of the chain for a similar one': [
    withServices('-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT', '-s 127.0.0.0/8 -j RETURN'),
    noSuchRule,
  ],
  'names the chains that have the rule': [
    withChains({ 'nat KUBE-SERVICES': [], 'nat OUTPUT': [typed], 'filter FORWARD': [typed] }),
    'The rule is in nat OUTPUT and in filter FORWARD, but not in nat KUBE-SERVICES yet.',
  ],
  'names how often the rule is there': [
    withServices(typed, '-j RETURN', services.rule),
    'The rule is in KUBE-SERVICES 2 times. Delete the last one with `iptables -t nat -D KUBE-SERVICES 3`.',
  ],
});

describeCheck(
  { ...services, chain: 'KUBE-MARK-MASQ', rule: '-j MARK --set-xmark 0x4000/0x4000' },
  {
    'names another mark': [
      withChains({ 'nat KUBE-MARK-MASQ': ['-j MARK --set-xmark 0x4000/0xffffffff'] }),
      'Rule 1 of KUBE-MARK-MASQ is almost the right one, but it has `--set-xmark 0x4000/0xffffffff` ' +
        'instead of `--set-xmark 0x4000/0x4000`.',
    ],
  },
);

const jump = { kind: 'rule', on, table: 'nat', chain: 'OUTPUT', rule: '-j KUBE-SERVICES', isFirst: true } as const;

describeCheck(jump, {
  'passes if the jump is first': [
    withChains({ 'nat OUTPUT': ['-m comment --comment "kubernetes service portals" -j KUBE-SERVICES', '-j DOCKER'] }),
    undefined,
  ],
  'names the rule before the jump': [
    withChains({ 'nat OUTPUT': ['-m addrtype --dst-type LOCAL -j DOCKER', '-j KUBE-SERVICES'] }),
    'The rule is there, but as number 2 of OUTPUT. Packets meet `-m addrtype --dst-type LOCAL -j DOCKER` before it. ' +
      'Delete it with -D and insert it with -I, which puts it first.',
  ],
  'takes no other jump for a similar one': [
    withChains({ 'nat OUTPUT': ['-j DOCKER'] }),
    'The chain OUTPUT of the table nat does not have the rule yet.',
  ],
  'does not miss a built-in chain of a table that is not in use yet': [
    withChains({}),
    'The chain OUTPUT of the table nat does not have the rule yet.',
  ],
});

describeCheck(
  { ...jump, isAbsent: true },
  {
    'passes without the rule': [withChains({ 'nat OUTPUT': [], 'nat PREROUTING': ['-j KUBE-SERVICES'] }), undefined],
    'passes without the chain': [withChains({}), undefined],
    'names the place of a rule that is still there': [
      withChains({ 'nat OUTPUT': ['-j DOCKER', '-j KUBE-SERVICES'] }),
      'The chain OUTPUT of the table nat still has the rule, as number 2.',
    ],
  },
);

const policies = (policy: string) =>
  observed({ inajob: { chains: new Map([['filter FORWARD', { policy, rules: [] }]]) } });

describeCheck(
  { kind: 'policy', on, table: 'filter', chain: 'FORWARD', policy: 'DROP' },
  {
    'passes with the policy': [policies('DROP'), undefined],
    'names the other policy': [policies('ACCEPT'), 'The policy of FORWARD is ACCEPT, but must be DROP.'],
    'knows that a table which is not in use accepts': [
      observed({}),
      'The policy of FORWARD is ACCEPT, but must be DROP.',
    ],
  },
);

describeCheck(
  { kind: 'link', on, name: 'kube-ipvs0', type: 'dummy' },
  {
    'passes with the device': [observed({ inajob: linksOf({ 'kube-ipvs0': [] }) }), undefined],
    'names a device that is not there': [observed({}), 'inajob has no device kube-ipvs0.'],
    'names a device by another name': [
      observed({ inajob: linksOf({ 'kube-ipvs': [], eth0: [] }) }),
      'There is a device kube-ipvs, but none named kube-ipvs0. Check the spelling.',
    ],
    'names another type': [
      observed({ inajob: linksOf({ 'kube-ipvs0': [] }, 'bridge') }),
      'The device kube-ipvs0 is there, but its type is bridge and must be dummy. ' +
        'Remove it with `ip link del kube-ipvs0` and add it again.',
    ],
  },
);

const address = { kind: 'address', on, link: 'kube-ipvs0', address: '10.254.10.128/32' } as const;
const withLinks = (links: Readonly<Record<string, readonly string[]>>) => observed({ inajob: linksOf(links) });

describeCheck(address, {
  'passes with the address': [withLinks({ 'kube-ipvs0': ['10.254.10.129/32', '10.254.10.128/32'] }), undefined],
  'names a device that is not there': [withLinks({ eth0: [] }), 'inajob has no device kube-ipvs0.'],
  'names an address that is not there': [
    withLinks({ 'kube-ipvs0': [], eth0: ['192.168.33.11/24'] }),
    'The device kube-ipvs0 does not have the address 10.254.10.128/32.',
  ],
  'names another prefix length': [
    withLinks({ 'kube-ipvs0': ['10.254.10.128/24'] }),
    'The address is on kube-ipvs0, but as 10.254.10.128/24. It must be 10.254.10.128/32, ' +
      'which is this one address alone.',
  ],
  'names another device': [
    withLinks({ 'kube-ipvs0': [], eth0: ['10.254.10.128/32'] }),
    'The address 10.254.10.128/32 is on the device eth0, but it must be on kube-ipvs0.',
  ],
  'names another address': [
    withLinks({ 'kube-ipvs0': ['10.254.10.182/32'] }),
    "The device kube-ipvs0 has an address, but it is 10.254.10.182 and the Service's is 10.254.10.128.",
  ],
  'knows that another address may be that of another Service': [
    observed({
      inajob: linksOf({ 'kube-ipvs0': ['10.254.10.129/32'] }),
      objects: { 'service/warehouse': serviceObject('10.254.10.129') },
    }),
    'The device kube-ipvs0 does not have the address 10.254.10.128/32.',
  ],
});

describeCheck(
  { ...address, isAbsent: true },
  {
    'passes without the address': [withLinks({ 'kube-ipvs0': [], eth0: ['10.254.10.128/32'] }), undefined],
    'passes without the device': [withLinks({}), undefined],
    'names an address that is still there': [
      withLinks({ 'kube-ipvs0': ['10.254.10.128/32'] }),
      'The device kube-ipvs0 still has the address 10.254.10.128/32.',
    ],
  },
);

const withServers = (...parts: Parameters<typeof serversOf>) => observed({ inajob: serversOf(...parts) });

describeCheck(
  { kind: 'virtual-server', on, server, scheduler: 'rr' },
  {
    'passes with the virtual server': [withServers({ [server]: {} }), undefined],
    'names a virtual server that is not there': [
      observed({}),
      'IPVS on inajob has no virtual server TCP 10.254.10.128:80.',
    ],
    'names another port': [
      withServers({ 'TCP 10.254.10.128:8080': {} }),
      "The virtual server is there, but its port is 8080 and the Service's is 80.",
    ],
    'names another protocol': [
      withServers({ 'UDP 10.254.10.128:80': {} }),
      "The virtual server is there, but its protocol is UDP and the Service's is TCP (-t is TCP, -u is UDP).",
    ],
    'names another address': [
      withServers({ 'TCP 10.254.10.182:80': {} }),
      "A virtual server is there, but its address is 10.254.10.182 and the Service's is 10.254.10.128.",
    ],
    'knows that another virtual server may be that of another Service': [
      observed({
        inajob: serversOf({ 'TCP 10.254.10.129:80': {} }),
        objects: { 'service/warehouse': serviceObject('10.254.10.129') },
      }),
      'IPVS on inajob has no virtual server TCP 10.254.10.128:80.',
    ],
    'names another scheduler': [
      withServers({ [server]: {} }, { scheduler: 'wlc' }),
      'The virtual server TCP 10.254.10.128:80 is there, but its scheduler is wlc and must be rr (`-s rr`).',
    ],
    'names persistence': [
      withServers({ [server]: {} }, { isPersistent: true }),
      'The virtual server TCP 10.254.10.128:80 is there, but it is persistent (-p): ' +
        'each client stays with one real server.',
    ],
  },
);

const real = { kind: 'real-server', on, server, address: '10.244.2.2:8080' } as const;

describeCheck(real, {
  'passes with the real server': [withServers({ [server]: { '10.244.2.2:8080': {} } }), undefined],
  'passes with a real server on the machine itself': [
    withServers({ [server]: { '10.244.2.2:8080': { forwarding: 'Local' } } }),
    undefined,
  ],
  'names a virtual server that is not there': [
    withServers({ 'TCP 10.254.10.128:8080': {} }),
    "The virtual server is there, but its port is 8080 and the Service's is 80.",
  ],
  'names a real server that is not there': [
    withServers({ [server]: {} }),
    'The virtual server TCP 10.254.10.128:80 has no real server 10.244.2.2:8080.',
  ],
  'names another port': [
    withServers({ [server]: { '10.244.2.2:80': {} } }),
    "The real server 10.244.2.2 is there, but its port is 80 and the Pod's is 8080.",
  ],
  'names another address': [
    withServers({ [server]: { '10.244.2.3:8080': {} } }),
    "A real server is there, but its address is 10.244.2.3 and the Pod's is 10.244.2.2.",
  ],
  'knows that another address may be that of another Pod': [
    observed({
      inajob: serversOf({ [server]: { '10.244.1.3:8080': {} } }),
      objects: { 'endpoints/web-service': endpointsObject(['10.244.1.3', '10.244.2.2']) },
    }),
    'The virtual server TCP 10.254.10.128:80 has no real server 10.244.2.2:8080.',
  ],
  'names the forwarding of a real server without -m, whose port ipvsadm has replaced': [
    withServers({ [server]: { '10.244.2.2:80': { forwarding: 'Route' } } }),
    'The real server 10.244.2.2:80 is there, but its forwarding is Route and must be Masq (-m). ' +
      'Delete it with `ipvsadm -d` and add it again with -m.',
  ],
  'names the forwarding of a real server with the right port': [
    withServers({ [server]: { '10.244.2.2:8080': { forwarding: 'Tunnel' } } }),
    'The real server 10.244.2.2:8080 is there, but its forwarding is Tunnel and must be Masq (-m). ' +
      'Delete it with `ipvsadm -d` and add it again with -m.',
  ],
  'names a weight of 0': [
    withServers({ [server]: { '10.244.2.2:8080': { weight: 0 } } }),
    'The real server 10.244.2.2:8080 is there, but its weight is 0, so it gets no new connections.',
  ],
  'names the other virtual server that has the real server': [
    withServers({ [server]: {}, 'UDP 10.254.0.10:53': { '10.244.2.2:8080': {} } }),
    'The real server 10.244.2.2:8080 belongs to the virtual server UDP 10.254.0.10:53, ' +
      'but it must belong to TCP 10.254.10.128:80.',
  ],
});

describeCheck(
  { ...real, isAbsent: true },
  {
    'passes without the real server': [withServers({ [server]: {} }), undefined],
    'passes without the virtual server': [observed({}), undefined],
    'passes with one that only finishes its connections': [
      withServers({ [server]: { '10.244.2.2:8080': { weight: 0 } } }),
      undefined,
    ],
    'names a real server that is still there': [
      withServers({ [server]: { '10.244.2.2:8080': {} } }),
      'The virtual server TCP 10.254.10.128:80 still has the real server 10.244.2.2:8080.',
    ],
  },
);

const sysctls = (value: string) => observed({ inajob: { sysctls: new Map([['net/ipv4/vs/conntrack', value]]) } });

describeCheck(
  { kind: 'sysctl', on, name: 'net/ipv4/vs/conntrack', value: '1' },
  {
    'passes with the value': [sysctls('1'), undefined],
    'names another value': [sysctls('0'), '/proc/sys/net/ipv4/vs/conntrack is 0, but must be 1.'],
    'names a parameter that is not there': [
      observed({}),
      'There is no /proc/sys/net/ipv4/vs/conntrack. Load the module of the kernel that has it, ' +
        'such as with `modprobe ip_vs`.',
    ],
  },
);

const web = { metadata: { labels: { app: 'web' } }, spec: { ports: [{ port: 80 }] } };

describeCheck(
  { kind: 'object', object: 'pod/web-yuanying', fields: { 'metadata.labels.app': 'web', 'spec.ports.0.port': 80 } },
  {
    'passes with the fields': [observed({ objects: { 'pod/web-yuanying': web } }), undefined],
    'names an object that is not there': [observed({}), 'The cluster has no pod/web-yuanying.'],
    'names another value': [
      observed({ objects: { 'pod/web-yuanying': { ...web, metadata: { labels: { app: 'wbe' } } } } }),
      'metadata.labels.app of pod/web-yuanying is wbe, but must be web.',
    ],
    'names a field that is not there': [
      observed({ objects: { 'pod/web-yuanying': { ...web, spec: {} } } }),
      'pod/web-yuanying has no spec.ports.0.port. It must be 80.',
    ],
  },
);

describeCheck(
  { kind: 'object', object: 'service/warehouse', isAbsent: true },
  {
    'passes without the object': [observed({}), undefined],
    'names an object that is still there': [
      observed({ objects: { 'service/warehouse': {} } }),
      'The cluster still has service/warehouse.',
    ],
  },
);

const withEndpoints = (...parts: Parameters<typeof endpointsObject>) =>
  observed({ objects: { 'endpoints/web-service': endpointsObject(...parts) } });

describeCheck(
  { kind: 'endpoints', name: 'web-service', addresses: ['10.244.1.3', '10.244.2.2'], port: 8080 },
  {
    'passes with the addresses in any order': [withEndpoints(['10.244.2.2', '10.244.1.3']), undefined],
    'names an object that is not there': [observed({}), 'The cluster has no endpoints/web-service.'],
    'names an object without addresses': [
      observed({ objects: { 'endpoints/web-service': {} } }),
      'endpoints/web-service lists no address.',
    ],
    'names an address that is not there': [
      withEndpoints(['10.244.1.3']),
      'endpoints/web-service does not list 10.244.2.2.',
    ],
    'names an address too many': [
      withEndpoints(['10.244.1.3', '10.244.2.2', '10.244.1.9']),
      'endpoints/web-service lists 10.244.1.9:8080, which must not be there.',
    ],
    'names another port': [
      withEndpoints(['10.244.1.3', '10.244.2.2'], { port: 80 }),
      "endpoints/web-service lists 10.244.1.3, but with port 80. The Pod's port is 8080.",
    ],
    'names a lacking port': [
      observed({ objects: { 'endpoints/web-service': { subsets: [{ addresses: [{ ip: '10.244.1.3' }] }] } } }),
      "endpoints/web-service lists addresses, but no port. The Pod's port is 8080.",
    ],
    'names an address that is not ready': [
      withEndpoints(['10.244.1.3'], { notReady: ['10.244.2.2'] }),
      'endpoints/web-service lists 10.244.2.2, but as not ready.',
    ],
  },
);

describeCheck(
  { kind: 'endpoints', name: 'warehouse', addresses: [], port: 8080 },
  {
    'passes without addresses if none should be there': [
      observed({ objects: { 'endpoints/warehouse': {} } }),
      undefined,
    ],
  },
);

describeCheck(
  { kind: 'root-shell', on },
  {
    'passes as root': [observed({ rootShells: new Set(['inajob']) }), undefined],
    'names the machine': [observed({ rootShells: new Set(['yuanying']) }), "The shell on inajob is not root's yet."],
  },
);

const shown = { kind: 'shown', on: 'master', texts: ['10.244.1.3', '10.244.2.2'] } as const;

describeCheck(shown, {
  'passes if one answer shows the texts': [observed({ said: [said('master', '10.244.1.3,10.244.2.2')] }), undefined],
  'passes if several answers show the texts': [
    observed({ said: [said('master', '10.244.2.2'), said('inajob', ''), said('master', '10.244.1.3')] }),
    undefined,
  ],
  'says that nothing ran': [observed({}), 'No command of this task ran on master yet.'],
  'says that nothing ran on the machine': [
    observed({ said: [said('inajob', '10.244.1.3')] }),
    'No command of this task ran on master yet.',
  ],
  'names the machine that has answered': [
    observed({ said: [said('master', 'none'), said('inajob', '10.244.1.3 10.244.2.2')] }),
    'inajob has answered. This task needs the answer of master.',
  ],
  'names the text that is lacking': [
    observed({ said: [said('master', '10.244.1.3')] }),
    'The answer does not show `10.244.2.2`.',
  ],
});

describeCheck(
  { ...shown, isAnyEnough: true },
  {
    'passes with any text': [observed({ said: [said('master', '10.244.2.2')] }), undefined],
    'names all texts': [
      observed({ said: [said('master', '')] }),
      'The answer shows none of these: `10.244.1.3`, `10.244.2.2`.',
    ],
  },
);

describeCheck(
  { kind: 'connections', on, server, atLeast: 2 },
  {
    'passes with enough connections': [withServers({ [server]: {} }, { connections: 2 }), undefined],
    'says that there was none': [withServers({ [server]: {} }), `${server} has not had a connection yet.`],
    'says how many there were': [
      observed({ inajob: serversOf({ [server]: {} }, { connections: 1 }), said: [said('client-inajob', '')] }),
      `${server} has had 1 of 2 connections.`,
    ],
    'names a virtual server that is not there': [
      observed({}),
      'IPVS on inajob has no virtual server TCP 10.254.10.128:80.',
    ],
  },
);

describeCheck(
  { kind: 'all-of', checks: [{ ...shown, texts: ['a'] }, entry, { kind: 'root-shell', on: 'inajob' }] },
  {
    'passes if all do': [
      observed({
        inajob: setsOf({ 'KUBE-CLUSTER-IP': [entry.value] }),
        said: [said('master', 'a')],
        rootShells: new Set(['inajob']),
      }),
      undefined,
    ],
    'names the first one that fails': [
      observed({ said: [said('master', 'a'), said('inajob', '')] }),
      'inajob has no set KUBE-CLUSTER-IP.',
    ],
  },
);

test('a reason is in Japanese too', () => {
  expect(missingOf(entry, withEntries('10.254.10.128,tcp:8080'))?.ja).toBe(
    'エントリはありますが、ポートが 8080 になっています。Service のポートは 80 です。',
  );
  expect(missingOf(services, observed({ said: [said('yuanying', '')] }))?.ja).toBe(
    'nat テーブルにまだチェイン KUBE-SERVICES がありません。' +
      'このタスクのコマンドはどれも yuanying で実行されていますが、作業するのは inajob です。',
  );
});
