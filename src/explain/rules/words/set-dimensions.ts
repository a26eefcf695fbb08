import { families } from '../../../net/address.js';
import { kernelSetName, setNames, setTypes } from '../../../node/names.js';

/** What each dimension of a type of set is, by its word in the type: `hash:ip,port`. */
const dimensionNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ip: 'address',
    net: 'network',
    port: 'protocol:port',
    mac: 'MAC address',
    iface: 'device',
    mark: 'mark',
    set: 'name of a set',
  }),
);

/** What a packet has of each dimension. A rule looks an address up in a set of networks, too. */
const packetNames: ReadonlyMap<string, string> = new Map(
  Object.entries({ ip: 'address', net: 'address', port: 'port', mac: 'MAC address', iface: 'device', mark: 'mark' }),
);

const wordsOfType = (type: string): readonly string[] => (type.split(':')[1] ?? '').split(',');

/** Returns what an entry of a set consists of: `address`, `protocol:port`. A bitmap has ports without a protocol. */
export const dimensionsOf = (type: string): readonly string[] =>
  type === 'bitmap:port' ? ['port'] : wordsOfType(type).map(word => dimensionNames.get(word) ?? word);

const sides: ReadonlyMap<string, string> = new Map([
  ['src', 'source'],
  ['dst', 'destination'],
]);

/**
 * Returns what a rule looks up in a set: `destination address and port together with source address`.
 * @param type the set's type, or undefined if it is not known: then a side without a dimension is named
 * @param directions the rule's `dst,dst,src`
 */
export function lookedUp(type: string | undefined, directions: string): string {
  const words = type === undefined || type === 'list:set' ? [] : wordsOfType(type);
  const groups: { readonly side: string; readonly names: string[] }[] = [];
  for (const [index, direction] of directions.split(',').entries()) {
    const side = sides.get(direction) ?? direction;
    const last = groups.at(-1);
    const group = last?.side === side ? last : { side, names: [] };
    if (group !== last) groups.push(group);
    const name = packetNames.get(words[index] ?? '');
    if (name !== undefined) group.names.push(name);
  }
  return groups.map(({ side, names }) => [side, names.join(' and ')].join(' ').trim()).join(' together with ');
}

const ownTypes: ReadonlyMap<string, string> = new Map(
  setNames.flatMap(name => families.map(family => [kernelSetName(name, family), setTypes[name]])),
);

/** Returns the type of one of kproxy's sets, of either family, or undefined. */
export const ownSetType = (name: string): string | undefined => ownTypes.get(name);
