import { canonicalAddress } from '../net/address.js';
import { canonicalNetwork } from '../net/network.js';

const portRange = '[0-9]{1,5}(-[0-9]{1,5})?';
const icmpType = '[a-z0-9][a-z0-9/-]{0,40}';
/** ipset prints the number of a protocol that /etc/protocols does not have. */
const portOfEntry = new RegExp(
  `^(((tcp|udp|udplite|sctp|[0-9]{1,3}):)?${portRange}|(icmp|icmpv6|ipv6-icmp):${icmpType})$`,
);
const hardwareAddress = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/i;
const mark = /^0x[0-9a-f]{1,8}$/i;

const isAddressRange = (text: string): boolean => {
  const ends = text.split('-');
  return ends.length <= 2 && ends.every(end => canonicalAddress(end) !== undefined);
};
const isNetwork = (text: string): boolean => canonicalNetwork(text) !== undefined;

/**
 * Returns true for an entry as ipset prints it: addresses, networks and ports, which commas join. ipset would take any
 * other text for an option, ask the resolver for its address, or end a batch at it.
 */
export const isSetEntry = (text: string): boolean => isBareText(text) && text.split(',').every(isEntryPart);

/** The parsers of addresses skip blanks. */
const isBareText = (text: string): boolean => /^[0-9a-zA-Z.:,/-]{1,200}$/.test(text);

const isEntryPart = (part: string): boolean =>
  isAddressRange(part) || isNetwork(part) || portOfEntry.test(part) || hardwareAddress.test(part) || mark.test(part);

const flags: ReadonlySet<string> = new Set(['counters', 'comment', 'skbinfo', 'forceadd']);
const numberOptions: ReadonlySet<string> = new Set(['timeout', 'netmask', 'size', 'probes', 'resize', 'gc']);

/** Returns true for what a set can have beyond kproxy's own ones, as ipset prints it: `timeout 600`, `counters`. */
export function isSetExtension(text: string): boolean {
  const [name = '', value, ...more] = text.split(' ');
  if (value === undefined) return flags.has(name);
  if (more.length > 0 || !isBareText(value)) return false;
  if (numberOptions.has(name)) return /^[0-9]{1,10}$/.test(value);
  if (name === 'markmask') return mark.test(value);
  if (name === 'bitmask') return canonicalAddress(value) !== undefined;
  return name === 'range' && (new RegExp(`^${portRange}$`).test(value) || isAddressRange(value) || isNetwork(value));
}
