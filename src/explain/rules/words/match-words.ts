import { addressAndPort } from '../../../net/address.js';
import { withoutHostPrefix } from '../../../net/network.js';
import { protocolNumbers, protocols } from '../../../net/protocol.js';
import { quoteCommand } from '../../../script/quote.js';
import { type Table, table } from '../../../table.js';
import { listText } from '../../../text.js';
import type { RuleMatch, RuleOption } from '../rule.js';
import { conntrackWords } from './conntrack-words.js';
import type { OptionWords, TypeOfSet } from './option-words.js';
import { lookedUp } from './set-dimensions.js';

const is = ({ isNegated }: RuleOption): string => (isNegated ? 'is not' : 'is');
const not = ({ isNegated }: RuleOption, verb: string, negated: string): string => (isNegated ? negated : verb);
const first = ({ values }: RuleOption): string => values[0] ?? '';

/** Returns `10.0.0.1` for a single host, else `in 10.0.0.0/8`. */
function placeOf(address: string): string {
  const host = withoutHostPrefix(address);
  return host.includes('/') ? `in ${host}` : host;
}

const address =
  (side: string): OptionWords =>
  option =>
    `whose ${side} ${is(option)} ${placeOf(first(option))}`;

/** Returns the name of a protocol that rules may give as a number. */
function protocolText(word: string): string {
  const known = protocols.find(protocol => String(protocolNumbers[protocol]) === word);
  return known ?? word.toUpperCase();
}

/** Returns `cni0`, or `a device whose name begins with veth` for `veth+`. */
const deviceText = (name: string): string => {
  if (name === '+') return 'any device';
  return name.endsWith('+') ? `a device whose name begins with ${name.slice(0, -1)}` : name;
};

const device =
  (verb: string, negated: string): OptionWords =>
  option =>
    `that ${not(option, verb, negated)} ${deviceText(first(option))}`;

/** The options that a rule has without a module. */
const plain: Table<OptionWords> = table({
  '-s': address('source'),
  '-d': address('destination'),
  '-p': option => (first(option) === 'all' ? undefined : `whose protocol ${is(option)} ${protocolText(first(option))}`),
  '-i': device('arrive on', 'do not arrive on'),
  '-o': device('leave through', 'do not leave through'),
  '-f': option => `that are ${not(option, 'later fragments', 'first fragments or whole')}`,
});

/** Returns `80`, `80 to 90`, `80 or more`. */
function rangeText(range: string): string {
  const [from = '', to] = range.split(/[:-]/);
  if (to === undefined) return from;
  if (to === '' || to === '65535') return `${from} or more`;
  return from === '' || from === '0' ? `${to} or less` : `${from} to ${to}`;
}

const port =
  (side: string): OptionWords =>
  option =>
    `whose ${side} port ${is(option)} ${rangeText(first(option))}`;

const ports = { '--sport': port('source'), '--dport': port('destination') };

function tcpFlags(option: RuleOption): string {
  const [mask = '', set = ''] = option.values;
  if (mask === 'FIN,SYN,RST,ACK' && set === 'SYN')
    return `that ${not(option, 'ask for', 'do not ask for')} a new TCP connection`;
  const state = set === 'NONE' ? 'no flag' : set;
  return `that ${not(option, 'have', 'do not have')} ${state} set of the TCP flags ${mask}`;
}

const oneOf =
  (side: string): OptionWords =>
  option =>
    `whose ${side} port ${is(option)} ${listText(first(option).split(',').map(rangeText), 'or')}`;

const hasMark =
  (subject: 'packet' | 'connection'): OptionWords =>
  option => {
    const [value = '', mask] = first(option).split('/');
    const whose = subject === 'packet' ? 'that' : 'whose connection';
    const have = subject === 'packet' ? not(option, 'have', 'do not have') : not(option, 'has', 'does not have');
    if (mask === value) return `${whose} ${have} the mark ${value}`;
    const under = mask === undefined || mask === '0xffffffff' ? '' : ` in the bits ${mask}`;
    return `whose ${subject === 'packet' ? 'mark' : "connection's mark"} ${is(option)} ${value}${under}`;
  };

const inSet: OptionWords = (option, typeOfSet) => {
  const [name = '', directions = ''] = option.values;
  const what = lookedUp(typeOfSet(name), directions);
  const verb = / and | together /.test(what) ? not(option, 'are', 'are not') : is(option);
  return `whose ${what} ${verb} in the set ${name}`;
};

const addressKinds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    LOCAL: 'an address of this node',
    UNICAST: 'a unicast address of another machine',
    BROADCAST: 'a broadcast address',
    MULTICAST: 'a multicast address',
    UNSPEC: 'the unspecified address',
  }),
);

const addressKind =
  (side: string): OptionWords =>
  option =>
    `whose ${side} ${is(option)} ${listText(
      first(option)
        .split(',')
        .map(kind => addressKinds.get(kind) ?? `an address of the type ${kind}`),
      'or',
    )}`;

const bridgePort =
  (verb: string, negated: string): OptionWords =>
  option => {
    const port = first(option) === '' ? '' : `: ${deviceText(first(option))}`;
    return `that ${not(option, verb, negated)} a port of a bridge${port}`;
  };

const physdev: Table<OptionWords> = table({
  '--physdev-is-in': bridgePort('arrive through', 'do not arrive through'),
  '--physdev-is-out': bridgePort('leave through', 'do not leave through'),
  '--physdev-is-bridged': option => `that a bridge ${not(option, 'passes', 'does not pass')} from port to port`,
  '--physdev-in': bridgePort('arrive through', 'do not arrive through'),
  '--physdev-out': bridgePort('leave through', 'do not leave through'),
});

const ofServer =
  (what: string, text: (value: string) => string = value => value): OptionWords =>
  option =>
    `whose virtual server ${not(option, 'has', 'does not have')} the ${what} ${text(first(option))}`;

const ipvs: Table<OptionWords> = table({
  '--ipvs': option => `that IPVS ${not(option, 'balances', 'does not balance')}`,
  '--vproto': ofServer('protocol', protocolText),
  '--vaddr': ofServer('address', withoutHostPrefix),
  '--vport': ofServer('port'),
  '--vdir': option =>
    `that go ${(first(option) === 'REPLY') === option.isNegated ? 'to' : 'back from'} a virtual server of IPVS`,
});

/** Returns the virtual server that all three options of the match `ipvs` name together. */
function wholeServer(options: readonly RuleOption[]): string | undefined {
  const wordOf = (name: string) => options.find(option => option.name === name && !option.isNegated)?.values[0];
  const [protocol, vip, vport] = [wordOf('--vproto'), wordOf('--vaddr'), wordOf('--vport')];
  if (options.length !== 3 || protocol === undefined || vip === undefined || vport === undefined) return undefined;
  const server = `${protocolText(protocol)} ${addressAndPort(withoutHostPrefix(vip), Number(vport))}`;
  return `that IPVS balances for the virtual server ${server}`;
}

const percent = (probability: string): string => `${Number((Number(probability) * 100).toFixed(2))} %`;

/** Options that change how much another option of the same module fits, and that the clause of that one includes. */
const silent: OptionWords = () => undefined;

const statistic: Table<OptionWords> = table({
  '--mode': silent,
  '--packet': silent,
  '--probability': option => `that chance selects (${percent(first(option))} of them${option.isNegated ? ' not' : ''})`,
  '--every': option => `of which every ${first(option)}th ${option.isNegated ? 'is left out' : 'is selected'}`,
});

const within: OptionWords = option =>
  option.isNegated ? `that are more than ${first(option)}` : `as long as they are not more than ${first(option)}`;

const icmp =
  (name: string): OptionWords =>
  option =>
    `whose ${name} type ${is(option)} ${first(option)}`;

const between =
  (side: string): OptionWords =>
  option =>
    `whose ${side} ${is(option)} from ${first(option).replace('-', ' to ')}`;

const hashlimitDetails = ['burst', 'name', 'htable-size', 'htable-max', 'htable-expire', 'htable-gcinterval'] as const;

const hops = (name: string, option: string): Readonly<Record<string, OptionWords>> => ({
  [`${option}-eq`]: given => `whose ${name} ${is(given)} ${first(given)}`,
  [`${option}-lt`]: given => `whose ${name} is less than ${first(given)}`,
  [`${option}-gt`]: given => `whose ${name} is more than ${first(given)}`,
});

const listed: OptionWords = option => `whose source ${not(option, 'was', 'was not')} seen before`;

const recent: Table<OptionWords> = table({
  '--set': silent,
  ...{ '--rcheck': listed, '--update': listed, '--remove': listed },
  '--seconds': option => `not longer than ${first(option)} s ago`,
  '--hitcount': option => `at least ${first(option)} times`,
  '--name': option => `as the list ${first(option)} keeps it`,
  ...{ '--mask': silent, '--rsource': silent, '--rdest': silent, '--reap': silent, '--rttl': silent },
});

/** Of each module, a clause for each option. An option that is not here is named and not explained. */
const modules: Table<Readonly<Record<string, OptionWords>>> = table({
  '': plain,
  comment: { '--comment': silent },
  tcp: {
    ...ports,
    '--tcp-flags': tcpFlags,
    '--syn': option => tcpFlags({ ...option, values: ['FIN,SYN,RST,ACK', 'SYN'] }),
    '--tcp-option': option => `that ${not(option, 'have', 'do not have')} the TCP option ${first(option)}`,
  },
  udp: ports,
  udplite: ports,
  sctp: ports,
  multiport: {
    '--sports': oneOf('source'),
    '--dports': oneOf('destination'),
    '--ports': oneOf('source or destination'),
  },
  mark: { '--mark': hasMark('packet') },
  connmark: { '--mark': hasMark('connection') },
  set: { '--match-set': inSet },
  addrtype: {
    '--src-type': addressKind('source'),
    '--dst-type': addressKind('destination'),
    '--limit-iface-in': () => 'where only addresses of the device count that they arrive on',
    '--limit-iface-out': () => 'where only addresses of the device count that they leave through',
  },
  conntrack: conntrackWords,
  state: { '--state': (option, types) => conntrackWords['--ctstate']?.(option, types) },
  physdev,
  ipvs,
  statistic,
  limit: { '--limit': within, '--limit-burst': silent },
  hashlimit: {
    '--hashlimit-upto': within,
    '--hashlimit-above': option => `that are more than ${first(option)}`,
    '--hashlimit-mode': option => `counted by ${first(option)}`,
    ...Object.fromEntries(hashlimitDetails.map(name => [`--hashlimit-${name}`, silent])),
  },
  icmp: { '--icmp-type': icmp('ICMP') },
  icmp6: { '--icmpv6-type': icmp('ICMPv6') },
  iprange: { '--src-range': between('source'), '--dst-range': between('destination') },
  pkttype: { '--pkt-type': option => `that the link ${not(option, 'got', 'did not get')} as ${first(option)}` },
  length: { '--length': option => `whose length in bytes ${is(option)} ${rangeText(first(option))}` },
  ttl: hops('TTL', '--ttl'),
  hl: hops('hop limit', '--hl'),
  dscp: { '--dscp': option => `whose DSCP ${is(option)} ${first(option)}` },
  tos: { '--tos': option => `whose type of service ${is(option)} ${first(option)}` },
  tcpmss: { '--mss': option => `whose segment size (MSS) ${is(option)} ${rangeText(first(option))}` },
  mac: { '--mac-source': option => `whose hardware address ${is(option)} ${first(option)}` },
  recent,
  socket: {
    '--transparent': () => 'for which a transparent proxy on this node has a socket',
    ...{ '--nowildcard': silent, '--restore-skmark': silent },
  },
  connlimit: {
    '--connlimit-above': option => `whose client has more than ${first(option)} connections`,
    '--connlimit-upto': option => `whose client has at most ${first(option)} connections`,
    ...{ '--connlimit-mask': silent, '--connlimit-saddr': silent, '--connlimit-daddr': silent },
  },
  connbytes: {
    '--connbytes': option => `whose connection has had ${rangeText(first(option))} bytes or packets`,
    ...{ '--connbytes-mode': silent, '--connbytes-dir': silent },
  },
  helper: {
    '--helper': option =>
      `whose connection ${not(option, 'belongs', 'does not belong')} to the helper ${first(option)}`,
  },
  nfacct: { '--nfacct-name': silent },
  esp: { '--espspi': option => `whose ESP index ${is(option)} ${rangeText(first(option))}` },
  rpfilter: {
    '--invert': () => 'whose source is reached through another device than the one that they came from',
    ...{ '--loose': silent, '--validmark': silent, '--accept-local': silent },
  },
  owner: {
    '--uid-owner': option => `whose process ${not(option, 'belongs', 'does not belong')} to the user ${first(option)}`,
    '--gid-owner': option => `whose process ${not(option, 'belongs', 'does not belong')} to the group ${first(option)}`,
  },
});

const optionText = ({ isNegated, name, values }: RuleOption): string =>
  quoteCommand([...(isNegated ? ['!'] : []), name, ...values]);

const unknownOption = (module: string, option: RuleOption): string =>
  unknownMatch(module === '' ? optionText(option) : `${module} ${optionText(option)}`);

const unknownMatch = (words: string): string => `for which the match "${words}" holds (kproxy does not know it)`;

/**
 * Returns relative clauses about the packets that a match fits: `whose source is in 10.244.0.0/16`. None for a comment.
 * An option that kproxy does not know is named as it is written.
 */
export function matchWords({ module, options }: RuleMatch, typeOfSet: TypeOfSet): readonly string[] {
  if (module === 'ipvs') {
    const server = wholeServer(options);
    if (server !== undefined) return [server];
  }
  const known = Object.hasOwn(modules, module) ? modules[module] : undefined;
  if (options.length === 0 && known === undefined) return [unknownMatch(module)];
  return options.flatMap(option => {
    const words = known !== undefined && Object.hasOwn(known, option.name) ? known[option.name] : undefined;
    if (words === undefined) return [unknownOption(module, option)];
    return words(option, typeOfSet) ?? [];
  });
}
