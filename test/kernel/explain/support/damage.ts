import fc from 'fast-check';
import type { Family } from '../../../../src/net/address.js';
import { addressAndPort } from '../../../../src/net/address.js';
import type { Datapath } from '../../../../src/node/datapath/datapath.js';
import { ipvsDevice } from '../../../../src/node/names.js';
import { quoteWord } from '../../../../src/script/quote.js';
import { foreignRule, tool } from './foreign-rule.js';

/** A line of sh that damages a node. One that cannot be carried out after others changes nothing. */
export type DamageLine = string;

const line = (...argv: readonly string[]): DamageLine => argv.map(quoteWord).join(' ');

interface RuleAt {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  readonly number: number;
  readonly argv: readonly string[];
}

const rulesOf = ({ tables }: Datapath): readonly RuleAt[] =>
  tables.flatMap(({ family, name: table, chains }) =>
    chains.flatMap(chain =>
      chain.rules.map(({ argv }, index) => ({ family, table, chain: chain.name, number: index + 1, argv })),
    ),
  );

const change = ({ family, table, chain }: RuleAt, option: string, ...words: readonly string[]): DamageLine =>
  line(tool(family), '-w', '-t', table, option, chain, ...words);

const deleted = (rule: RuleAt): DamageLine => change(rule, '-D', String(rule.number));

/** Moves a rule behind the one that follows it. */
const swapped = (rule: RuleAt): DamageLine =>
  [
    `${deleted(rule)} &&`,
    `{ ${change(rule, '-I', String(rule.number + 1), ...rule.argv)} || ${change(rule, '-A', ...rule.argv)}; }`,
  ].join(' ');

const closed = (family: Family, table: string, chain: string): DamageLine =>
  line(tool(family), '-w', '-t', table, '-P', chain, 'DROP');

function serverLines({ virtualServers }: Datapath): readonly DamageLine[] {
  return virtualServers.flatMap(({ server, realServers }) => {
    const option = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' }[server.protocol];
    const virtual = [option, addressAndPort(server.address, server.port)];
    const places = realServers.map(({ real }) => addressAndPort(real.address, real.port));
    return [
      line('ipvsadm', '-D', ...virtual),
      ...places.map(place => line('ipvsadm', '-d', ...virtual, '-r', place)),
      ...places.map(place => line('ipvsadm', '-e', ...virtual, '-r', place, '-m', '-w', '0')),
      places.map(place => line('ipvsadm', '-e', ...virtual, '-r', place, '-m', '-w', '0')).join(' && '),
    ];
  });
}

const setting = (path: string, value: string): DamageLine => `echo ${value} >/proc/sys/net/${path}`;

const settings: readonly DamageLine[] = [
  setting('ipv4/ip_forward', '0'),
  setting('ipv6/conf/all/forwarding', '0'),
  setting('ipv4/vs/conntrack', '0'),
  setting('bridge/bridge-nf-call-iptables', '0'),
  setting('bridge/bridge-nf-call-ip6tables', '0'),
  ...['all', 'eth0', 'cni0'].flatMap(device =>
    ['1', '2'].map(value => setting(`ipv4/conf/${device}/rp_filter`, value)),
  ),
  ...['eth0', 'cni0'].map(device => setting(`ipv4/conf/${device}/forwarding`, '0')),
];

const routes: readonly DamageLine[] = [
  'ip route del 10.244.2.0/24',
  'ip -6 route del fd00:244:2::/64',
  ...['blackhole', 'unreachable', 'prohibit'].flatMap(type => [
    `ip route replace ${type} 192.168.33.99/32`,
    `ip route replace ${type} 10.244.2.2/32`,
    `ip -6 route replace ${type} fd00:244:2::2/128`,
  ]),
  'ip rule add pref 100 from 10.244.1.0/24 to 10.244.2.0/24 blackhole',
  'ip rule add pref 100 fwmark 0x4000/0x4000 prohibit',
];

const hairpin: DamageLine = 'bridge link set dev local hairpin off';

/** Returns lines that damage what a node has. */
export function damageLines(datapath: Datapath): fc.Arbitrary<DamageLine> {
  const rules = rulesOf(datapath);
  const entries = datapath.sets.flatMap(({ name, entries: all }) => all.map(({ value }) => ({ name, value })));
  const vips = datapath.links.find(({ name }) => name === ipvsDevice)?.addresses ?? [];
  const policies = ['IPv4', 'IPv6'] as const;
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...rules).map(deleted) },
    { weight: 2, arbitrary: fc.constantFrom(...rules).map(swapped) },
    { weight: 6, arbitrary: foreignRule(rules, 'I') },
    { weight: 1, arbitrary: foreignRule(rules, 'A') },
    { weight: 3, arbitrary: fc.constantFrom(...entries).map(({ name, value }) => line('ipset', 'del', name, value)) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(...vips)
        .map(({ address, prefix }) => line('ip', 'addr', 'del', `${address}/${prefix}`, 'dev', ipvsDevice)),
    },
    { weight: 2, arbitrary: fc.constantFrom(...serverLines(datapath)) },
    { weight: 2, arbitrary: fc.constantFrom(...settings, hairpin) },
    { weight: 1, arbitrary: fc.constantFrom(...routes) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...policies),
          fc.constantFrom(['filter', 'INPUT'], ['filter', 'FORWARD'], ['filter', 'OUTPUT'], ['mangle', 'POSTROUTING']),
        )
        .map(([family, [table = '', chain = '']]) => closed(family, table, chain)),
    },
  );
}
