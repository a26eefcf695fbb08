import { BlockList } from 'node:net';
import { familyOf, isLoopback } from '../../../src/net/address.js';
import { protocolNames, protocolNumbers } from '../../../src/net/protocol.js';
import type { Packet } from './packet.js';
import type { TracedSet } from './rule-set.js';

/** Where a match looks things up. */
export interface Surroundings {
  readonly sets: ReadonlyMap<string, TracedSet>;
  readonly localAddresses: ReadonlySet<string>;
}

export type PacketTest = (packet: Packet) => boolean;

/** A match at the start of a rule's words, and the words after it. */
interface Reading {
  readonly test: PacketTest;
  readonly rest: readonly string[];
}

type Reader = (words: readonly string[], around: Surroundings) => Reading;

const fail = (words: readonly string[]): never => {
  throw new Error(`the packet tracer does not know this match: ${words.join(' ')}`);
};

/** @throws Error on a match that the tracer does not know */
export function readMatch(words: readonly string[], around: Surroundings): Reading {
  if (words[0] === '-m') return readWith(modules, words[1] ?? '', words.slice(2), around);
  return readWith(plain, '', words, around);
}

function readWith(
  readers: Readonly<Record<string, Reader>>,
  module: string,
  words: readonly string[],
  around: Surroundings,
): Reading {
  const isNot = words[0] === '!';
  const [option = '', ...rest] = isNot ? words.slice(1) : words;
  const reader = readers[`${module} ${option}`] ?? fail([module, ...words]);
  const { test, rest: after } = reader(rest, around);
  return { test: isNot ? packet => !test(packet) : test, rest: after };
}

const plain: Readonly<Record<string, Reader>> = {
  ' -s': ([network = '', ...rest]) => ({ test: ({ source }) => isIn(source, network), rest }),
  ' -d': ([network = '', ...rest]) => ({ test: ({ destination }) => isIn(destination, network), rest }),
  ' -p': ([protocol = '', ...rest]) => ({ test: packet => packet.protocol.toLowerCase() === protocol, rest }),
};

const modules: Readonly<Record<string, Reader>> = {
  'comment --comment': ([, ...rest]) => ({ test: () => true, rest }),
  'set --match-set': ([name = '', directions = '', ...rest], { sets }) => ({
    test: setTest(name, sets.get(name), directions.split(',')),
    rest,
  }),
  'mark --mark': ([text = '', ...rest]) => {
    const [value = 0, mask = 0] = text.split('/').map(Number);
    return { test: packet => (packet.mark & mask) === value, rest };
  },
  'addrtype --src-type': ([type, ...rest], around) => ({ test: ({ source }) => isLocal(type, source, around), rest }),
  'addrtype --dst-type': ([type, ...rest], around) => ({
    test: ({ destination }) => isLocal(type, destination, around),
    rest,
  }),
  'physdev --physdev-is-in': rest => ({ test: ({ bridged }) => bridged, rest }),
  'conntrack --ctstate': ([states = '', ...rest]) => ({
    test: ({ state }) => states.split(',').includes(state),
    rest,
  }),
  'ipvs --vproto': ([number, vaddr, address, vport, port, ...rest]) => {
    if (vaddr !== '--vaddr' || vport !== '--vport') fail(['ipvs', String(vaddr), String(vport)]);
    return {
      test: ({ virtual }) =>
        virtual !== undefined &&
        String(protocolNumbers[virtual.protocol]) === number &&
        virtual.address === address &&
        virtual.port === Number(port),
      rest,
    };
  },
};

const isLocal = (type: string | undefined, address: string, { localAddresses }: Surroundings): boolean =>
  type === 'LOCAL' ? localAddresses.has(address) || isLoopback(address) : fail(['addrtype', String(type)]);

const listFamily = (address: string): 'ipv4' | 'ipv6' => (familyOf(address) === 'IPv6' ? 'ipv6' : 'ipv4');
const networks = new Map<string, BlockList>();

/** Returns true if an address is in a network, or equals it if it has no prefix length. */
function isIn(address: string, network: string): boolean {
  const list = networks.get(network) ?? networkOf(network);
  networks.set(network, list);
  return list.check(address, listFamily(address));
}

function networkOf(text: string): BlockList {
  const [base = '', prefix] = text.split('/');
  const list = new BlockList();
  if (prefix === undefined) list.addAddress(base, listFamily(base));
  else list.addSubnet(base, Number(prefix), listFamily(base));
  return list;
}

/**
 * Returns a test that looks up a packet in a set by the directions of each field: address, port with protocol, second
 * address.
 */
function setTest(name: string, set: TracedSet | undefined, directions: readonly string[]): PacketTest {
  if (set === undefined) throw new Error(`a rule names the set ${name}, which does not exist`);
  const isSource = directions.map(direction => direction === 'src');
  const address = (packet: Packet, at: number) => (isSource[at] ? packet.source : packet.destination);
  const port = (packet: Packet, at: number) => (isSource[at] ? packet.sourcePort : packet.destinationPort);
  const pair = (packet: Packet) => `${address(packet, 0)},${protocolNames[packet.protocol]}:${port(packet, 1)}`;
  const { entries, type } = set;
  switch (`${type} ${directions.length}`) {
    case 'hash:ip 1':
      return packet => entries.has(address(packet, 0));
    case 'bitmap:port 1':
      return packet => entries.has(String(port(packet, 0)));
    case 'hash:ip,port 2':
      return packet => entries.has(pair(packet));
    case 'hash:ip,port,ip 3':
      return packet => entries.has(`${pair(packet)},${address(packet, 2)}`);
    case 'hash:ip,port,net 3':
      return packet => networksAt(entries, pair(packet)).some(network => isIn(address(packet, 2), network));
    default:
      throw new Error(`the packet tracer does not know a match of ${type} with ${directions.join()}`);
  }
}

const networksAt = (entries: ReadonlySet<string>, pair: string): readonly string[] =>
  [...entries].filter(entry => entry.startsWith(`${pair},`)).map(entry => entry.slice(pair.length + 1));
