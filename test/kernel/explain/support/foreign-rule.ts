import fc from 'fast-check';
import type { Family } from '../../../../src/net/address.js';

/** The iptables of a family. */
export const tool = (family: Family): 'iptables' | 'ip6tables' => (family === 'IPv4' ? 'iptables' : 'ip6tables');

interface Place {
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
}

const builtIn: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

const addresses: Readonly<Record<Family, readonly string[]>> = {
  IPv4: [
    ...['10.244.1.3', '10.244.1.9', '10.244.2.2', '10.244.1.1', '192.168.33.11', '192.168.33.12', '192.168.33.99'],
    ...['10.244.0.0/16', '10.244.1.0/24', '192.168.33.0/24', '10.254.0.0/16', '203.0.113.0/24', '10.254.1.2'],
  ],
  IPv6: [
    ...['fd00:244:1::3', 'fd00:244:1::9', 'fd00:244:2::2', 'fd00:192:168:33::11', 'fd00:192:168:33::99'],
    ...['fd00:244::/32', 'fd00:244:1::/64', 'fd00:192:168:33::/64', 'fd00:254::/112', 'fd00:254::2'],
  ],
};

const clusterIpSet: Readonly<Record<Family, string>> = { IPv4: 'KUBE-CLUSTER-IP', IPv6: 'KUBE-6-CLUSTER-IP' };

const states = ['NEW', 'ESTABLISHED', 'RELATED,ESTABLISHED', 'INVALID', 'UNTRACKED', 'SNAT', 'DNAT', 'NEW,INVALID'];

/** Returns an option, or its opposite. */
const signed = (option: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(fc.boolean(), value).map(([isNegated, text]) => `${isNegated ? '! ' : ''}${option} ${text}`);

const inputs = ['PREROUTING', 'INPUT', 'FORWARD'];
const outputs = ['FORWARD', 'OUTPUT', 'POSTROUTING'];

const devices = ({ chain }: Place): readonly fc.Arbitrary<string>[] => [
  ...(inputs.includes(chain) ? [signed('-i', fc.constantFrom('cni0', 'eth0', 'lo', 'e+'))] : []),
  ...(outputs.includes(chain) ? [signed('-o', fc.constantFrom('cni0', 'eth0', 'lo', 'cni+'))] : []),
];

const ports: readonly fc.Arbitrary<string>[] = [
  fc.constantFrom('tcp', 'udp', 'sctp').map(name => `-p ${name}`),
  fc
    .tuple(
      fc.constantFrom('tcp', 'udp', 'sctp'),
      fc.constantFrom('--dport', '--sport'),
      fc.constantFrom('80', '8080', '5353', '9999', '30002', '30000:32767', '9100'),
      fc.constantFrom('', '! '),
    )
    .map(([name, option, port, sign]) => `-p ${name} -m ${name} ${sign}${option} ${port}`),
  fc.constantFrom('--dports', '--sports', '--ports').map(option => `-p tcp -m multiport ${option} 80,8080,30002`),
];

const modules = ({ family }: Place): readonly fc.Arbitrary<string>[] => [
  signed('--ctstate', fc.constantFrom(...states)).map(text => `-m conntrack ${text}`),
  signed('--mark', fc.constantFrom('0x4000/0x4000', '0x0')).map(text => `-m mark ${text}`),
  fc
    .tuple(fc.constantFrom('', '! '), fc.constantFrom('--dst-type', '--src-type'))
    .map(([sign, option]) => `-m addrtype ${sign}${option} LOCAL`),
  signed('--match-set', fc.constantFrom('dst,dst', 'src,src', 'dst,src')).map(text =>
    `-m set ${text}`.replace('--match-set ', `--match-set ${clusterIpSet[family]} `),
  ),
  fc.constantFrom('-m ipvs --ipvs', '-m ipvs ! --ipvs'),
  fc.constantFrom('--physdev-is-bridged', '--physdev-is-in', '! --physdev-is-in').map(text => `-m physdev ${text}`),
];

const matches = (place: Place): fc.Arbitrary<string> => {
  const ends = ['-s', '-d'].map(option => signed(option, fc.constantFrom(...addresses[place.family])));
  const one = fc.oneof(...ends, ...devices(place), ...modules(place));
  const some = fc.uniqueArray(one, {
    minLength: 0,
    maxLength: 2,
    selector: text => text.replace('! ', '').slice(0, 8),
  });
  return fc.tuple(fc.option(fc.oneof(...ports)), some).map(([port, rest]) => [port ?? '', ...rest].join(' ').trim());
};

const rejections: Readonly<Record<Family, readonly string[]>> = {
  IPv4: [
    ...['icmp-port-unreachable', 'icmp-host-unreachable', 'icmp-net-unreachable', 'icmp-proto-unreachable'],
    ...['icmp-net-prohibited', 'icmp-host-prohibited', 'icmp-admin-prohibited'],
  ],
  IPv6: ['icmp6-port-unreachable', 'icmp6-no-route', 'icmp6-addr-unreachable', 'icmp6-adm-prohibited'],
};

/** Targets that may be used in a table. Those that a chain does not take leave the node as it is. */
const targets = ({ family, table }: Place): fc.Arbitrary<string> => {
  const marks = ['MARK --set-xmark 0x4000/0x4000', 'MARK --set-xmark 0x0/0x4000'];
  const common = ['DROP', 'DROP', 'DROP', 'ACCEPT', 'ACCEPT', 'RETURN'];
  if (table === 'raw') return fc.constantFrom(...common, 'NOTRACK');
  if (table === 'mangle') return fc.constantFrom(...common, ...marks);
  if (table === 'nat') return fc.constantFrom('ACCEPT', 'RETURN', 'MASQUERADE', 'REDIRECT --to-ports 9100', ...marks);
  const rejects = rejections[family].map(how => `REJECT --reject-with ${how}`);
  return fc.constantFrom(...common, ...rejects, 'REJECT --reject-with tcp-reset', ...marks);
};

/** Targets that a rule must name a protocol for. */
const needsProtocol = /tcp-reset|--to-ports/;

/** Returns lines that put a rule of other software before all rules of a chain (`I`), or behind them (`A`). */
export function foreignRule(ownChains: readonly Place[], option: 'I' | 'A'): fc.Arbitrary<string> {
  const families = ['IPv4', 'IPv6'] as const;
  const hooks = families.flatMap(family =>
    Object.entries(builtIn).flatMap(([table, chains]) => chains.map(chain => ({ family, table, chain }))),
  );
  const own = ownChains.filter(({ chain }) => chain.startsWith('KUBE-'));
  return fc
    .oneof({ weight: 4, arbitrary: fc.constantFrom(...hooks) }, { weight: 1, arbitrary: fc.constantFrom(...own) })
    .chain(place => fc.tuple(fc.constant(place), matches(place), targets(place)))
    .map(([{ family, table, chain }, text, target]) => {
      const protocol = needsProtocol.test(target) && !text.includes('-p ') ? '-p tcp' : '';
      const words = ['-w', '-t', table, `-${option}`, chain, protocol, text, '-j', target];
      return `${tool(family)} ${words.join(' ')}`.replace(/ {2,}/g, ' ');
    });
}
