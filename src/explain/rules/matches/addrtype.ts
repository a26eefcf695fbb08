import { familyOf } from '../../../net/address.js';
import type { DatapathIndex } from '../../datapath/datapath-index.js';
import type { Packet } from '../../trace/packet.js';
import { optionOf, unknownOption } from '../kinds.js';
import { type Answer, answer, both, type MatchKind, signed, unknown } from '../match.js';
import type { RuleOption } from '../rule.js';

/** What kind of address an end of the packet has, as the routing table `local` says. */
export const addrtype: MatchKind = {
  name: 'addrtype',
  test(options, packet, node) {
    const limit = optionOf(options, '--limit-iface-in') ?? optionOf(options, '--limit-iface-out');
    const device = limit === undefined ? undefined : (deviceOf(limit, packet) ?? '');
    return both(options.filter(option => option !== limit).map(option => optionAnswer(option, packet, node, device)));
  },
};

const deviceOf = ({ name }: RuleOption, packet: Packet): string | undefined =>
  name === '--limit-iface-in' ? packet.inputDevice : packet.outputDevice;

function optionAnswer(option: RuleOption, packet: Packet, node: DatapathIndex, device: string | undefined): Answer {
  if (option.name !== '--src-type' && option.name !== '--dst-type') return unknownOption('addrtype', option);
  const address = option.name === '--src-type' ? packet.source : packet.destination;
  const types = (option.values[0] ?? '').split(',');
  return signed(option, typeAnswer(address, types, node, device));
}

function typeAnswer(
  address: string,
  types: readonly string[],
  node: DatapathIndex,
  device: string | undefined,
): Answer {
  const type = addressType(address, node, device);
  const because = { text: `${address} ${typeTexts[type]}` };
  if (familyOf(address) === 'IPv4') return answer(types.includes(type), because);
  if (types.includes('UNREACHABLE') || types.includes('ANYCAST'))
    return unknown(`kproxy does not know whether the address type of ${address} is ${types.join(' or ')}`);
  return answer(
    types.every(wanted => isIpv6Type(address, wanted, type)),
    because,
  );
}

export type AddressType = 'LOCAL' | 'UNICAST' | 'BROADCAST' | 'MULTICAST';

const typeTexts: Readonly<Record<AddressType, string>> = {
  LOCAL: 'is an address of this node',
  UNICAST: 'is not an address of this node',
  BROADCAST: 'is a broadcast address',
  MULTICAST: 'is a multicast address',
};

/**
 * Returns what an address is to the node.
 * @param device the only device whose addresses count, or undefined for all. Source: __inet_dev_addr_type in
 * fib_frontend.c.
 */
export function addressType(address: string, node: DatapathIndex, device: string | undefined): AddressType {
  if (/^(?:22[4-9]|23\d)\.|^ff/.test(address)) return 'MULTICAST';
  if (address.startsWith('0.') || address === '255.255.255.255') return 'BROADCAST';
  if (device !== undefined && !isOn(address, node, device)) return 'UNICAST';
  if (node.isLocal(address)) return 'LOCAL';
  return node.isBroadcast(address) ? 'BROADCAST' : 'UNICAST';
}

/** Returns true if an address is one of a device's. Everything in 127.0.0.0/8 is on `lo`. */
const isOn = (address: string, node: DatapathIndex, device: string): boolean =>
  node.addressesOf(device).some(one => one.address === address) || (device === 'lo' && address.startsWith('127.'));

/**
 * IPv6 has other types: a node's own address is UNICAST too, and a packet has to fit all of them.
 * Source: match_type6 in xt_addrtype.c.
 */
function isIpv6Type(address: string, wanted: string, type: AddressType): boolean {
  if (wanted === 'UNICAST') return type !== 'MULTICAST' && address !== '::';
  if (wanted === 'UNSPEC') return address === '::';
  return wanted === type;
}
