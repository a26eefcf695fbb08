import { type Family, families, familyOf } from '../../net/address.js';
import { canonicalNetwork, isInNetwork } from '../../net/network.js';
import { NetworkMap } from '../../net/network-map.js';
import { ipvsDevice } from '../../node/names.js';
import { isPodDevice, podNetworks } from '../../proxy/local-detection.js';
import { addressesOfNodes, type KnownPod, knownPods } from './known-pods.js';
import { isWithin, mostSpecific, networkHops, type RouteHop, uplinks } from './networks.js';
import type { World } from './world.js';

/** What is around a node in one family: where Pods are, and which addresses are in use. */
export interface Neighborhood {
  readonly family: Family;
  /** The node's own addresses that other machines can use. */
  readonly own: readonly string[];
  readonly podsHere: readonly string[];
  readonly podsElsewhere: readonly string[];
  /** Networks of Pods on this node. */
  readonly networksHere: readonly string[];
  /** Networks of Pods on other nodes. */
  readonly networksElsewhere: readonly string[];
  /** Networks of machines outside the cluster, the likeliest first. */
  readonly networksOutside: readonly string[];
  /** Every address that something is known to have. */
  readonly taken: ReadonlySet<string>;
}

/** Returns what is around the node, in each family. */
export function neighborhoods(world: World): Readonly<Record<Family, Neighborhood>> {
  const pods = knownPods(world.cluster);
  const taken = takenAddresses(world, pods);
  return Object.fromEntries(families.map(family => [family, neighborhood(world, family, pods, taken)])) as Record<
    Family,
    Neighborhood
  >;
}

function neighborhood(
  world: World,
  family: Family,
  allPods: readonly KnownPod[],
  taken: Neighborhood['taken'],
): Neighborhood {
  const own = ownAddresses(world, family);
  const pods = allPods.filter(({ address }) => familyOf(address) === family && !own.includes(address));
  const hops = podHops(world, family, pods);
  const isHere = ({ address, nodeName }: KnownPod): boolean =>
    nodeName === undefined ? isDirect(mostSpecific(hops.to(address))) : nodeName === world.proxy.nodeName;
  const named = pods.filter(isHere).map(({ address }) => address);
  const podsElsewhere = pods.filter(pod => !isHere(pod)).map(({ address }) => address);
  const here = hops.ofPods(named).filter(isDirect);
  const elsewhere = hops.ofPods(podsElsewhere).filter(hop => !isDirect(hop));
  const networksHere = here.map(({ destination }) => destination);
  const running = (world.namespaceAddresses ?? []).filter(
    address => !own.includes(address) && networksHere.some(network => isInNetwork(address, network)),
  );
  return {
    family,
    own,
    podsHere: [...new Set([...named, ...running])],
    podsElsewhere,
    networksHere,
    networksElsewhere: elsewhere.map(({ destination }) => destination),
    networksOutside: outsideNetworks(world, family, here),
    taken,
  };
}

const isDirect = (hop: RouteHop | undefined): boolean => hop !== undefined && hop.gateway === undefined;

/** Returns the hops that lead to any of the addresses. */
const hopsToAny = (addresses: readonly string[], to: (address: string) => readonly RouteHop[]): ReadonlySet<RouteHop> =>
  new Set(addresses.flatMap(to));

const ownAddresses = ({ datapath }: World, family: Family): readonly string[] =>
  datapath.links
    .filter(({ name }) => name !== ipvsDevice)
    .flatMap(({ addresses }) => addresses)
    .filter(({ address, scope }) => familyOf(address) === family && scope === 'global')
    .map(({ address }) => address);

/** Bridges whose networks are not those of the cluster's Pods: Docker's, Podman's, and those of virtual machines. */
const otherBridges = /^(docker|podman|virbr|lxcbr|br-[0-9a-f]{12}$)/;

/** The hops that may lead to Pods. */
interface PodHops {
  to(address: string): readonly RouteHop[];
  /**
   * Returns the hops to networks of Pods. They are known by the cluster's networks, by these Pods in them, or else by a
   * bridge, or a device of the way in which local traffic is detected, that no other Pods are behind.
   */
  ofPods(addresses: readonly string[]): readonly RouteHop[];
}

function podHops({ datapath, proxy }: World, family: Family, pods: readonly KnownPod[]): PodHops {
  const outward = new Set(uplinks(datapath, family));
  const all = networkHops(datapath, family).filter(
    ({ device, gateway }) => device !== ipvsDevice && (gateway !== undefined || !outward.has(device ?? '')),
  );
  const byNetwork = new NetworkMap(all, ({ destination }) => destination);
  const to = (address: string): readonly RouteHop[] => byNetwork.find(address);
  const networks = podNetworks(proxy, family);
  const devices = new Set(
    datapath.links
      .filter(({ type, name }) => (type === 'bridge' && !otherBridges.test(name)) || isPodDevice(proxy, name))
      .map(({ name }) => name),
  );
  const isOfPodDevice = (hop: RouteHop): boolean => isDirect(hop) && devices.has(hop.device ?? '');
  return {
    to,
    ofPods: addresses => {
      const known = new Set(addresses);
      const toKnown = hopsToAny(addresses, to);
      const others = pods.map(({ address }) => address).filter(address => !known.has(address));
      const toOthers = hopsToAny(others, to);
      return all.filter(
        hop =>
          networks.some(network => isWithin(hop.destination, network)) ||
          toKnown.has(hop) ||
          (isOfPodDevice(hop) && !toOthers.has(hop)),
      );
    },
  };
}

/** Networks that no machine has (RFC 5737, RFC 3849): examples of machines behind the default route. */
const documentationNetworks = { IPv4: '203.0.113.0/24', IPv6: '2001:db8::/64' } as const;

/**
 * Returns the networks in which machines outside the cluster are: that of the default route's device, those of the
 * other devices that are not for Pods, and whatever is behind the default route.
 */
function outsideNetworks({ datapath, proxy }: World, family: Family, here: readonly RouteHop[]): readonly string[] {
  const outward = uplinks(datapath, family);
  const ofPods = new Set(here.map(({ device }) => device));
  const pods = podNetworks(proxy, family);
  const links = datapath.links.filter(
    ({ name, type }) =>
      name !== ipvsDevice && name !== 'lo' && type !== 'bridge' && !ofPods.has(name) && !isPodDevice(proxy, name),
  );
  const inOrder = [
    ...datapath.links.filter(({ name }) => outward.includes(name)),
    ...links.filter(({ name }) => !outward.includes(name)),
  ];
  const networks = inOrder
    .flatMap(({ addresses }) => addresses)
    .filter(({ address, scope }) => familyOf(address) === family && scope === 'global')
    .flatMap(({ address, prefix }) => canonicalNetwork(`${address}/${prefix}`) ?? [])
    .filter(network => !/\/(3[12]|12[78])$/.test(network) && !pods.some(one => isWithin(network, one)));
  return [...networks, ...(outward.length > 0 ? [documentationNetworks[family]] : [])];
}

function takenAddresses({ cluster, datapath }: World, pods: readonly KnownPod[]): ReadonlySet<string> {
  const gateways = datapath.routes.flatMap(({ hops }) => hops.flatMap(({ gateway }) => gateway ?? []));
  const taken = new Set(pods.map(({ address }) => address));
  for (const address of addressesOfNodes(cluster)) taken.add(address);
  for (const address of gateways) taken.add(address);
  for (const { addresses } of datapath.links) for (const { address } of addresses) taken.add(address);
  for (const { realServers } of datapath.virtualServers) for (const { real } of realServers) taken.add(real.address);
  return taken;
}
