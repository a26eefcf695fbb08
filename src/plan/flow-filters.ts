import { type Family, familyOf, hostPrefix } from '../net/address.js';
import { addressBits } from '../net/address-bits.js';
import { commonNetwork } from '../net/common-network.js';
import { withoutHostPrefix } from '../net/network.js';
import type { Flow } from '../node/element.js';
import type { UdpFlow } from '../node/tools/conntrack.js';

/** What a filter asks for besides the destination, which can be a network. conntrack knows no networks of backends. */
type Selection = Pick<Flow, 'port' | 'backend' | 'backendPort'>;

/** The ways to select flows. Of two that match equally many, the first is taken. */
const selections: readonly ((flow: UdpFlow) => Selection)[] = [
  ({ port }) => ({ port }),
  // Tells every flow from every other.
  ({ port, backend, backendPort }) => ({ port, backend, backendPort }),
  ({ port, backend }) => ({ port, backend }),
  ({ backend }) => ({ backend }),
  () => ({}),
];

/** The destinations of a filter. */
export type Reach = 'address' | 'network';

/** A filter, and the stale flows that it matches. */
interface Candidate {
  readonly filter: Flow;
  readonly matches: readonly UdpFlow[];
}

/** Flows of one destination address. */
interface Place {
  readonly address: string;
  readonly bits: bigint;
  readonly stale: UdpFlow[];
  isBlocked: boolean;
}

/**
 * Returns few filters that match all stale flows and none that must stay. Flows to a backend that is gone share a
 * filter and, if filters reach networks, those of neighboring VIPs. Takes the largest filters first.
 * @param staying all flows of the addresses or networks that must stay
 */
export function flowFilters(stale: readonly UdpFlow[], staying: readonly UdpFlow[], reach: Reach): readonly Flow[] {
  const bits = new Map([...stale, ...staying].map(({ address }) => [address, 0n]));
  for (const address of bits.keys()) bits.set(address, addressBits(address));
  const candidates = selections.flatMap(selection =>
    groupsOf(selection, { stale, staying, bits }).flatMap(group => candidatesOf(group, reach)),
  );
  candidates.sort((one, other) => other.matches.length - one.matches.length);
  const left = new Set(stale);
  return candidates.flatMap(({ filter, matches }) => {
    if (!matches.some(flow => left.has(flow))) return [];
    for (const flow of matches) left.delete(flow);
    return [filter];
  });
}

/** Flows with the same port or backend. */
interface Group {
  readonly selected: Selection;
  readonly places: Map<string, Place>;
}

interface JudgedFlows {
  readonly stale: readonly UdpFlow[];
  readonly staying: readonly UdpFlow[];
  /** The numbers of all destination addresses, each of which is parsed once. */
  readonly bits: ReadonlyMap<string, bigint>;
}

function groupsOf(selection: (flow: UdpFlow) => Selection, { stale, staying, bits }: JudgedFlows): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const flow of stale) {
    const selected = selection(flow);
    const key = groupKey(flow, selected);
    const group = groups.get(key) ?? { selected, places: new Map() };
    groups.set(key, group);
    placeIn(group.places, flow, bits).stale.push(flow);
  }
  for (const flow of staying) {
    const group = groups.get(groupKey(flow, selection(flow)));
    if (group !== undefined) placeIn(group.places, flow, bits).isBlocked = true;
  }
  return [...groups.values()];
}

const groupKey = ({ address }: UdpFlow, { port, backend, backendPort }: Selection): string =>
  [familyOf(address), port, backend, backendPort].join(' ');

const candidatesOf = ({ selected, places }: Group, reach: Reach): readonly Candidate[] =>
  freeNetworks([...places.values()], reach).map(({ network, matches }) => ({
    filter: { kind: 'flow', address: withoutHostPrefix(network), ...selected },
    matches,
  }));

function placeIn(places: Map<string, Place>, { address }: UdpFlow, allBits: ReadonlyMap<string, bigint>): Place {
  const known = places.get(address);
  if (known !== undefined) return known;
  const place = { address, bits: allBits.get(address) ?? 0n, stale: [], isBlocked: false };
  places.set(address, place);
  return place;
}

/**
 * The shortest prefix of a filter's network. Flows of others that begin after the look at the table are then rarely
 * among those that are deleted.
 */
const shortestPrefix: Readonly<Record<Family, number>> = { IPv4: 16, IPv6: 64 };

interface FreeNetwork {
  readonly network: string;
  readonly matches: readonly UdpFlow[];
}

const networkOf = (places: readonly Place[]): FreeNetwork => ({
  network: commonNetwork(places.map(({ address }) => address)),
  matches: places.flatMap(({ stale }) => stale),
});

/** Returns the largest networks that hold stale flows and none that must stay. All places are of one family. */
function freeNetworks(places: readonly Place[], reach: Reach): readonly FreeNetwork[] {
  const withStale = places.filter(({ stale }) => stale.length > 0);
  if (reach === 'address') return withStale.flatMap(place => (place.isBlocked ? [] : [networkOf([place])]));
  const [first] = withStale;
  if (first === undefined) return [];
  const isFree = places.every(({ isBlocked }) => !isBlocked);
  const family = familyOf(first.address);
  if (isFree && hostPrefix(family) - hostBitsOf(withStale) >= shortestPrefix[family]) return [networkOf(withStale)];
  const hostBits = hostBitsOf(places);
  if (hostBits === 0) return [];
  const bit = BigInt(hostBits - 1);
  const half = (value: bigint) => places.filter(({ bits }) => ((bits >> bit) & 1n) === value);
  return [...freeNetworks(half(0n), reach), ...freeNetworks(half(1n), reach)];
}

/** Returns the number of bits that addresses do not have in common at their end. */
function hostBitsOf(places: readonly Place[]): number {
  const [first] = places;
  let different = 0n;
  for (const { bits } of places) different |= bits ^ (first?.bits ?? 0n);
  return different === 0n ? 0 : different.toString(2).length;
}
