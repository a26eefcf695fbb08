import { type Family, families, hostPrefix } from '../../../net/address.js';
import { addressAt, broadcastAddress, canonicalNetwork, hostNetwork, prefixLength } from '../../../net/network.js';
import type { Change } from '../../../node/change.js';
import type { Datapath, DatapathLink, LinkAddress, Route, RoutingRule } from '../../../node/datapath/datapath.js';
import { familyOfElement } from '../../../node/family.js';
import type { NodeState } from '../../../node/state.js';
import { ordered } from '../../../plan/order.js';
import { datapathAfter } from '../after/datapath-after.js';
import { localRoute } from '../after/devices.js';
import { emptyTable } from '../after/tables.js';
import { Assumptions } from './assumptions.js';
import { type KnownOfNode, type NodeNetwork, nodeNetwork } from './node-network.js';
import { linksOf, type PodLink, podLinkOf } from './pod-link.js';

/** A datapath of a node that was not read. */
export interface AssumedDatapath {
  readonly datapath: Datapath;
  /** What the node is assumed to have beside kproxy's part, as lines for the user: `Assumed: … .` */
  readonly assumed: readonly string[];
}

/** The devices of a node. */
interface Devices {
  readonly uplink: string;
  readonly pods: PodLink;
}

function devicesOf(options: KnownOfNode['options']): Devices {
  const pods = podLinkOf(options);
  return { pods, uplink: pods.name === 'eth0' ? 'eth1' : 'eth0' };
}

/**
 * Returns the datapath of a node as it should be: what kproxy would program for the desired state, on a node with a
 * simple Pod network and without rules of other software. Networks come from the Node objects if they name them, else
 * from the endpoints.
 */
export function desiredDatapath(desired: NodeState, known: KnownOfNode): AssumedDatapath {
  const assumptions = new Assumptions();
  const networks = familiesOf(desired, known).map(family => nodeNetwork(known, family, assumptions));
  const devices = devicesOf(known.options);
  assumptions.add(`the node reaches its Pods ${devices.pods.assumed}, and everything else through ${devices.uplink}`);
  if (devices.pods.bridgePort !== undefined)
    assumptions.add('the bridge returns packets to the port that they came from, and shows its packets to iptables');
  assumptions.add('other software has no rules on the node');
  const bare = bareDatapath(networks, devices);
  const additions = ordered(Array.from(desired.values(), (after): Change => ({ verb: 'add', after })));
  return { datapath: datapathAfter(bare, additions), assumed: assumptions.lines() };
}

/** Returns IPv4, and IPv6 if anything is desired for it. */
const familiesOf = (desired: NodeState, { cluster, options }: KnownOfNode): readonly Family[] => {
  const used = new Set(Array.from(desired.values(), familyOfElement));
  const node = cluster.nodes.find(({ metadata }) => metadata.name === options.nodeName);
  const hasIpv6 = (node?.status?.addresses ?? []).some(({ address }) => address.includes(':'));
  return families.filter(family => family === 'IPv4' || hasIpv6 || used.has(family));
};

const bareDatapath = (networks: readonly NodeNetwork[], devices: Devices): Datapath => ({
  tables: networks.flatMap(({ family }) => [emptyTable(family, 'nat'), emptyTable(family, 'filter')]),
  sets: [],
  virtualServers: [],
  links: [
    { name: 'lo', isUp: true, addresses: networks.map(({ family }) => loopback[family]) },
    { name: devices.uplink, isUp: true, addresses: networks.flatMap(uplinkAddresses) },
    ...linksOf(devices.pods, networks.flatMap(podLinkAddresses)),
  ] satisfies readonly DatapathLink[],
  routes: networks.flatMap(network => routesOf(network, devices)),
  routingRules: networks.flatMap(({ family }) => routingRulesOf(family)),
  sysctls: sysctlsOf(devices),
  sockets: undefined,
  unread: [],
});

const loopback: Readonly<Record<Family, LinkAddress>> = {
  IPv4: { address: '127.0.0.1', prefix: 8, scope: 'host' },
  IPv6: { address: '::1', prefix: 128, scope: 'host' },
};

const uplinkAddresses = ({ addresses }: NodeNetwork): readonly LinkAddress[] =>
  addresses.map(({ address, prefix }) => ({ address, prefix, scope: 'global' }));

const podLinkAddresses = ({ podNetworks }: NodeNetwork): readonly LinkAddress[] =>
  podNetworks.map(network => ({ address: addressAt(network, 1), prefix: prefixLength(network), scope: 'global' }));

function routesOf(network: NodeNetwork, { uplink, pods: podLink }: Devices): readonly Route[] {
  const { family, gateway, otherPods } = network;
  const route = (destination: string, hop: Route['hops'][number]): Route => ({
    ...{ family, table: 'main', type: 'unicast', destination, metric: 0 },
    hops: [hop],
  });
  return [
    ...loopbackRoutes(family),
    ...uplinkAddresses(network).flatMap(address => addressRoutes(address, uplink)),
    // How large a network of Pods is, is assumed: the last address of one may be that of a Pod.
    ...podLinkAddresses(network)
      .flatMap(address => addressRoutes(address, podLink.name))
      .filter(({ type }) => type !== 'broadcast'),
    ...otherPods.map(({ network: pods, via }) => route(pods, { device: uplink, gateway: via })),
    route(family === 'IPv4' ? '0.0.0.0/0' : '::/0', { device: uplink, gateway }),
  ];
}

const loopbackRoutes = (family: Family): readonly Route[] =>
  family === 'IPv6'
    ? [localRoute('::1', 'lo')]
    : [{ ...localRoute('127.0.0.1', 'lo'), destination: '127.0.0.0/8' }, localRoute('127.0.0.1', 'lo')];

/** Returns the routes that the kernel adds with an address. */
function addressRoutes({ address, prefix }: LinkAddress, device: string): readonly Route[] {
  const local = localRoute(address, device);
  const { family } = local;
  const network = canonicalNetwork(`${address}/${prefix}`);
  const broadcast = broadcastAddress(address, prefix);
  const connected: readonly Route[] =
    network === undefined || prefix === hostPrefix(family)
      ? []
      : [{ ...local, table: 'main', type: 'unicast', destination: network }];
  return broadcast === undefined
    ? [local, ...connected]
    : [local, { ...local, type: 'broadcast', destination: hostNetwork(broadcast) }, ...connected];
}

/** Returns the kernel's own routing policy (ip-rule(8)). IPv6 has no table `default`. */
const routingRulesOf = (family: Family): readonly RoutingRule[] =>
  [
    { priority: 0, table: 'local' },
    { priority: 32766, table: 'main' },
    ...(family === 'IPv4' ? [{ priority: 32767, table: 'default' }] : []),
  ].map(({ priority, table }) => ({ family, priority, action: { kind: 'lookup', table } }));

/** The kernel's parameters that decide about packets, with what Kubernetes requires of a node. */
const sysctlsOf = ({ uplink, pods }: Devices): Datapath['sysctls'] => ({
  'net/ipv4/ip_forward': '1',
  'net/ipv4/ip_nonlocal_bind': '0',
  'net/ipv6/conf/all/forwarding': '1',
  'net/bridge/bridge-nf-call-iptables': '1',
  'net/bridge/bridge-nf-call-ip6tables': '1',
  ...Object.fromEntries(
    ['all', 'default', 'lo', uplink, pods.name].flatMap(device => [
      [`net/ipv4/conf/${device}/forwarding`, '1'],
      [`net/ipv4/conf/${device}/rp_filter`, '0'],
      [`net/ipv4/conf/${device}/route_localnet`, '0'],
      [`net/ipv4/conf/${device}/accept_local`, '0'],
      [`net/ipv4/conf/${device}/src_valid_mark`, '0'],
    ]),
  ),
});
