import { type Family, familyOf } from '../../../net/address.js';
import { addressBits, networkBits } from '../../../net/address-bits.js';
import { protocolNames, protocolNumbers } from '../../../net/protocol.js';
import { remembered } from '../../remembered.js';
import type { Packet } from '../../trace/packet.js';
import { matchKind, type OptionTest } from '../kinds.js';
import { type Answer, answer, type MatchKind, no, unknown, yes } from '../match.js';

const networkOf = remembered(([text = '']: readonly string[]) => networkBits(text));

const network =
  (end: 'source' | 'destination'): OptionTest =>
  (values, packet) => {
    const found = networkOf(values);
    if (found === undefined) return unknown(`kproxy does not know the network ${values[0]}`);
    const address = packet[end];
    return answer(familyOf(address) === found.family && (addressBits(address) & found.mask) === found.value);
  };

/** Returns true if a device has a name, or begins with it in front of a `+`. A packet without a device has ''. */
export const isDevice = (device: string | undefined, pattern: string): boolean =>
  pattern.endsWith('+') ? (device ?? '').startsWith(pattern.slice(0, -1)) : device === pattern;

const device =
  (end: 'inputDevice' | 'outputDevice'): OptionTest =>
  ([pattern = ''], packet) =>
    answer(isDevice(packet[end], pattern));

const icmpNames = { IPv4: ['icmp', '1'], IPv6: ['ipv6-icmp', 'icmpv6', 'icmp6', '58'] } as const satisfies Record<
  Family,
  readonly string[]
>;

/** Returns whether a packet has the protocol, by its name or number: `tcp`, `6`, `all`, `0`. */
export function protocolAnswer(text: string, { protocol, isError, family }: Packet): Answer {
  const name = text.toLowerCase();
  if (name === 'all' || Number(name) === 0) return yes;
  if (isError === true) return answer((icmpNames[family] as readonly string[]).includes(name));
  return answer(name === protocolNames[protocol] || Number(name) === protocolNumbers[protocol]);
}

const noFragment: OptionTest = () => no;

/** The options of the rule itself. Each is a match of its own, whose module has no name. */
export const ownOptions: MatchKind = matchKind('', {
  '-s': network('source'),
  '-d': network('destination'),
  '-i': device('inputDevice'),
  '-o': device('outputDevice'),
  '-p': ([text = ''], packet) => protocolAnswer(text, packet),
  // True for the second and later fragments only, which conntrack puts together before any rule sees them.
  '-f': noFragment,
});
