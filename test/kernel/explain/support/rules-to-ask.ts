import type { Hook } from '../../../../src/explain/trace/trace.js';
import type { Family } from '../../../../src/net/address.js';

/** Returns the address of a machine in a network: `10.1.0.2` or `fd01::2`. */
export const host = (family: Family, network: number, machine: number): string =>
  family === 'IPv4' ? `10.${network}.0.${machine}` : `fd0${network}::${machine}`;

/** A rule as a line, and the hooks at which the kernel accepts it. */
export interface AskedRule {
  readonly text: string;
  readonly hooks: readonly Hook[];
}

export const hooks: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

const at = (text: string, where: readonly Hook[]): readonly AskedRule[] => [{ text, hooks: where }];
const everywhere = (...texts: readonly string[]): readonly AskedRule[] => texts.flatMap(text => at(text, hooks));

/** At the hooks of which every packet passes one, for rules about what stays the same on the way. */
const once = (...texts: readonly string[]): readonly AskedRule[] =>
  texts.flatMap(text => at(text, ['PREROUTING', 'OUTPUT']));

const afterRouting: readonly Hook[] = ['FORWARD', 'OUTPUT', 'POSTROUTING'];
const withInput: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD'];
const bridged: readonly Hook[] = ['FORWARD', 'POSTROUTING'];

/** Returns rules with every match, in several forms. */
export function rulesToAsk(family: Family): readonly AskedRule[] {
  const isIpv4 = family === 'IPv4';
  const network = (number: number) => (isIpv4 ? `10.${number}.0.0/24` : `fd0${number}::/64`);
  const machine = (number: number, one: number) => host(family, number, one);
  return [
    ...everywhere(
      `-s ${network(1)}`,
      `! -s ${network(1)}`,
      `-d ${machine(2, 5)}`,
      `! -d ${machine(2, 5)}`,
      isIpv4 ? '-s 10.0.0.2/255.0.0.255' : '-s fd00::2/ff00::ffff',
      '-p tcp',
      '-p udp',
      '! -p tcp',
      '-p 132',
      '-i in0',
      '! -i in0',
      '-i in+',
      '-o out0',
      '! -o out0',
      '-o ou+',
      ...(isIpv4 ? ['-f', '! -f'] : []),
      `-s ${network(1)} -d ${network(2)} -i in0 -p udp -m udp --dport 53`,
    ),
    ...portRules,
    ...markRules,
    ...setRules(family),
    ...addressTypeRules(family),
    ...conntrackRules(family),
    ...bridgeRules,
    ...(isIpv4 ? ipvsRules : []),
    ...once(
      `-m iprange --src-range ${machine(1, 1)}-${machine(1, 5)}`,
      `-m iprange ! --dst-range ${machine(2, 1)}-${machine(2, 5)}`,
      '-m pkttype --pkt-type unicast',
      '-m pkttype ! --pkt-type unicast',
      '-m pkttype --pkt-type broadcast',
      isIpv4 ? '-p icmp -m icmp --icmp-type any' : '-p ipv6-icmp -m icmp6 --icmpv6-type 128',
      '-m comment --comment "! -j DROP" -p tcp',
      '-m comment --comment "!" -m comment --comment "-p udp" -p udp',
      '-m statistic --mode random --probability 1',
      '-m statistic --mode random ! --probability 1',
      '-m statistic --mode nth --every 1 --packet 0',
    ),
  ];
}

const portRules = once(
  '-p tcp -m tcp --dport 80',
  '-p tcp -m tcp --dport 1:1000',
  '-p tcp -m tcp ! --dport 80',
  '-p tcp -m tcp --sport 40000:50000 --dport 80',
  '-p tcp -m tcp --syn',
  '-p tcp -m tcp ! --syn',
  '-p tcp -m tcp --tcp-flags SYN,ACK SYN',
  '-p tcp -m tcp --tcp-flags ALL NONE',
  '-p udp -m udp --dport 53',
  '-p udp -m udp --sport 53',
  '-p udp -m udp ! --sport 53 --dport 1:100',
  '-p sctp -m sctp --dport 9999',
  '-p sctp -m sctp ! --sport 40003',
  '-p tcp -m multiport --dports 53,80,9999',
  '-p udp -m multiport --dports 53,80,9999',
  '-p udp -m multiport --ports 40000:40006',
  '-p udp -m multiport ! --ports 53,80',
  '-p udp -m multiport --sports 53',
  '-p sctp -m multiport ! --sports 1:39999,40004',
);

const markRules = once(
  '-m mark --mark 0x4000/0x4000',
  '-m mark ! --mark 0x4000/0x4000',
  '-m mark --mark 0x4001',
  '-m mark --mark 0x4000',
  '-m mark --mark 0x1/0x2',
  '-m connmark --mark 0x2/0xf',
  '-m connmark ! --mark 0x2/0xf',
  '-m connmark --mark 0x2',
);

/** What the names of a family's sets begin with. */
const setPrefix = (family: Family): string => (family === 'IPv4' ? 'v4-' : 'v6-');

function setRules(family: Family): readonly AskedRule[] {
  const own = setPrefix(family);
  const sides = (set: string, ...forms: readonly string[]) =>
    forms.map(form => `-m set --match-set ${own}${set} ${form}`);
  return once(
    ...sides('ip', 'src', 'dst', 'dst,dst'),
    `-m set ! --match-set ${own}ip dst`,
    ...sides('net', 'src', 'dst', 'src --return-nomatch', 'dst --return-nomatch'),
    `-m set ! --match-set ${own}net src`,
    ...sides('ip-port', 'dst,dst', 'src,dst', 'dst,src', 'src,src', 'dst', 'dst,dst,dst'),
    `-m set ! --match-set ${own}ip-port dst,dst`,
    `-m set ! --match-set ${own}ip-port dst`,
    ...sides('ip-port-ip', 'dst,dst,src', 'src,src,dst', 'dst,dst,dst'),
    ...sides('ip-port-net', 'dst,dst,src', 'src,src,dst', 'dst,dst,src --return-nomatch'),
    ...sides('net-port', 'dst,dst', 'src,src'),
    ...sides('net-net', 'dst,src', 'src,dst', 'src,dst --return-nomatch'),
    ...sides('net-iface', 'src,src', 'dst,dst', 'src,dst'),
    ...sides('net-port-net', 'dst,dst,src', 'src,dst,dst'),
    ...sides('ports', 'dst', 'src', 'dst,src'),
    `-m set ! --match-set ${own}ports dst`,
    ...sides('ip-mark', 'src,src', 'dst,dst'),
    ...sides('list', 'src', 'dst', 'dst,dst'),
    ...sides('list-ports', 'dst', 'dst,dst', 'src,src'),
    ...sides('masked', 'src', 'dst'),
    ...sides('empty', 'src', 'dst'),
    ...(family === 'IPv4' ? sides('addresses', 'src', 'dst') : []),
    `-m set --match-set ${own}net-port dst,dst -m set ! --match-set ${own}ip src`,
    `-m set --match-set ${own}ip-port dst,dst ! --update-counters`,
  );
}

/** Returns the input of `ipset restore` that builds the sets of a family. */
export function setsInput(family: Family): string {
  const at = (network: number, machine: number) => host(family, network, machine);
  const isIpv4 = family === 'IPv4';
  const own = setPrefix(family);
  const [inet, other, all, one, two, three] = isIpv4
    ? ['inet', 'inet6', '10.0.0.0/8', '10.1.0.0/24', '10.2.0.0/24', '10.3.0.0/24']
    : ['inet6', 'inet', 'fc00::/7', 'fd01::/64', 'fd02::/64', 'fd03::/64'];
  const sets: Readonly<Record<string, readonly string[]>> = {
    [`ip hash:ip family ${inet}`]: [at(1, 9), at(2, 5)],
    [`net hash:net family ${inet}`]: [all, `${one} nomatch`, at(1, 9), `${at(2, 5)} nomatch`],
    [`ip-port hash:ip,port family ${inet}`]: [
      `${at(2, 5)},tcp:80`,
      `${at(2, 5)},sctp:9999`,
      `${at(1, 2)},udp:53`,
      `${at(1, 2)},udp:40002`,
      `${at(2, 5)},tcp:40001`,
    ],
    [`ip-port-ip hash:ip,port,ip family ${inet}`]: [
      `${at(2, 5)},tcp:80,${at(1, 2)}`,
      `${at(3, 2)},udp:53,${at(1, 2)}`,
      `${at(2, 5)},udp:53,${at(2, 5)}`,
    ],
    [`ip-port-net hash:ip,port,net family ${inet}`]: [
      `${at(2, 5)},tcp:80,${one}`,
      `${at(2, 5)},tcp:80,${at(1, 2)} nomatch`,
      `${at(2, 5)},udp:53,${all}`,
      `${at(2, 5)},sctp:9999,${one} nomatch`,
    ],
    [`net-port hash:net,port family ${inet}`]: [`${two},udp:53`, `${all},tcp:80`, `${at(2, 5)},tcp:80 nomatch`],
    [`net-net hash:net,net family ${inet}`]: [`${two},${one}`, `${one},${two} nomatch`, `${at(1, 2)},${at(2, 5)}`],
    [`net-iface hash:net,iface family ${inet}`]: [
      `${one},in0`,
      `${two},out0`,
      `${three},in0`,
      `${at(1, 2)},br0`,
      `${at(2, 5)},physdev:p0`,
      `${at(3, 2)},physdev:p0`,
      `${at(3, 2)},br wildcard`,
    ],
    [`net-port-net hash:net,port,net family ${inet}`]: [`${two},udp:53,${one}`, `${one},tcp:80,${two}`],
    'ports bitmap:port range 0-65535': ['80', '9999', '40002'],
    [`ip-mark hash:ip,mark family ${inet}`]: [`${at(1, 9)},0x4001`, `${at(2, 5)},0x4000`],
    [`masked hash:ip family ${inet} netmask ${isIpv4 ? 24 : 64}`]: [at(1, 77)],
    [`empty hash:ip family ${inet}`]: [],
    [`other hash:ip family ${other}`]: [host(isIpv4 ? 'IPv6' : 'IPv4', 1, 2)],
    ...(isIpv4 ? { 'addresses bitmap:ip range 10.1.0.0/24': ['10.1.0.2', '10.1.0.9'] } : {}),
    'list list:set': [`${own}ip`, `${own}empty`, `${own}other`],
    'list-ports list:set': [`${own}ip-port`, `${own}ports`],
  };
  return Object.entries(sets)
    .flatMap(([set, entries]) => [
      `create ${own}${set}`,
      ...entries.map(entry => `add ${own}${set.split(' ')[0]} ${entry}`),
    ])
    .map(line => `${line}\n`)
    .join('');
}

function addressTypeRules(family: Family): readonly AskedRule[] {
  const own = family === 'IPv4' ? ['LOCAL,BROADCAST', 'BROADCAST', 'UNICAST,LOCAL'] : ['UNICAST,LOCAL', 'UNSPEC'];
  return [
    ...once(
      ...['LOCAL', 'UNICAST', 'MULTICAST', ...own].flatMap(type => [
        `-m addrtype --dst-type ${type}`,
        `-m addrtype --src-type ${type}`,
      ]),
      '-m addrtype ! --dst-type LOCAL',
      '-m addrtype ! --src-type LOCAL --dst-type LOCAL',
    ),
    ...at('-m addrtype --dst-type LOCAL --limit-iface-in', withInput),
    ...at('-m addrtype ! --dst-type LOCAL --limit-iface-in', withInput),
    ...at('-m addrtype --src-type LOCAL --limit-iface-out', afterRouting),
    ...at('-m addrtype --dst-type UNICAST --limit-iface-out', afterRouting),
  ];
}

const conntrackRules = (family: Family): readonly AskedRule[] =>
  everywhere(
    ...['NEW', 'ESTABLISHED', 'RELATED,ESTABLISHED', 'INVALID', 'UNTRACKED', 'DNAT', 'SNAT', 'NEW,DNAT'].flatMap(
      states => [`-m conntrack --ctstate ${states}`, `-m conntrack ! --ctstate ${states}`],
    ),
    '-m conntrack --ctdir ORIGINAL',
    '-m conntrack --ctdir REPLY',
    '-m conntrack --ctproto 17',
    '-m conntrack ! --ctproto 6',
    '-m conntrack --ctstate NEW,UNTRACKED --ctproto 17',
    `-m conntrack --ctorigsrc ${host(family, 1, 2)}`,
    `-m conntrack ! --ctorigsrc ${host(family, 1, 2)}`,
    `-m conntrack --ctorigdst ${host(family, 2, 77)}`,
    '-m conntrack --ctorigdstport 53',
    '-m conntrack --ctorigsrcport 40000:40007',
    '-m state --state NEW',
    '-m state ! --state NEW',
    '-m state --state RELATED,ESTABLISHED',
    '-m state --state INVALID,UNTRACKED',
  );

const bridgeRules: readonly AskedRule[] = [
  ...everywhere(
    '-m physdev --physdev-is-in',
    '-m physdev ! --physdev-is-in',
    '-m physdev --physdev-is-bridged',
    '-m physdev ! --physdev-is-bridged',
    '-m physdev --physdev-in p0',
    '-m physdev ! --physdev-in p0',
    '-m physdev --physdev-in p+',
    '-m physdev --physdev-in p1',
  ),
  ...at('-m physdev --physdev-is-out --physdev-is-bridged', bridged),
  ...at('-m physdev --physdev-out p1 --physdev-is-bridged', bridged),
  ...at('-m physdev ! --physdev-out p1 --physdev-is-bridged', bridged),
  ...at('-m physdev ! --physdev-out p0', bridged),
  ...at('-m physdev --physdev-out p1', bridged),
];

const ipvsRules = everywhere(
  '-m ipvs --ipvs',
  '-m ipvs ! --ipvs',
  '-m ipvs --vaddr 10.9.0.1',
  '-m ipvs --vaddr 10.9.0.0/24 --vport 53',
  '-m ipvs --vproto 17 --vport 53',
  '-m ipvs ! --vport 53',
  '-m ipvs --vdir ORIGINAL --vmethod MASQ',
  '-m ipvs --vdir REPLY',
  '-m ipvs --vmethod GATE',
);
