import { Address4, Address6 } from 'ip-address';
import { isIpv6, type Machine, type NodeMachine, type Pod, type Route, type Topology } from './topology.js';

/** Lines for `ip -batch -`. */
export interface NetworkCommands {
  /** Run in the guest's own namespace: the namespaces and the cables between them. */
  readonly cables: readonly string[];
  /**
   * Run inside each namespace, one after the other, so that a bridge's port comes up before the eth0 at its other end: the later one is reported as up
   * only after a second, and a bridge waits for that.
   */
  readonly inside: readonly { readonly namespace: string; readonly lines: readonly string[] }[];
  /** Files below /proc/sys/net to write. */
  readonly settings: readonly { readonly namespace: string; readonly path: string; readonly value: string }[];
}

/** The namespace, and in it the bridge, that joins the machines. */
const underlay = 'underlay';
const podBridge = 'cni0';

/** What makes the machines, the network between them, and their pods. */
export function networkCommands(topology: Topology): NetworkCommands {
  const { nodes, clients, pods } = topology;
  const machines = [...nodes, ...clients];
  return join([
    underlayCommands(machines),
    ...nodes.map(node => machineCommands(node, podRoutes(node, nodes))),
    ...clients.map(client => machineCommands(client, [])),
    ...nodes.filter(node => node.podBridge.length > 0).map(podBridgeCommands),
    podsCommands(nodes, pods),
  ]);
}

/** What adds pods to nodes that are there already. */
export function podsCommands(nodes: readonly NodeMachine[], pods: readonly Pod[]): NetworkCommands {
  return join(
    pods.map(pod => {
      const node = nodes.find(({ name }) => name === pod.node);
      if (!node) throw new TypeError(`pod ${pod.name} is on an unknown node ${pod.node}`);
      return podCommands(pod, node);
    }),
  );
}

function underlayCommands(machines: readonly Machine[]): NetworkCommands {
  const ports = machines.map(({ name }) => `link set dev ${name} master ${underlay} up`);
  return {
    cables: [`netns add ${underlay}`],
    inside: [
      {
        namespace: underlay,
        lines: [...bridgeLines(underlay, []), ...ports],
      },
    ],
    settings: [],
  };
}

function machineCommands(machine: Machine, routesToPods: readonly Route[]): NetworkCommands {
  const lines = [
    'link set dev lo up',
    ...deviceLines('eth0', machine.addresses),
    ...[...routesToPods, ...(machine.routes ?? [])].map(({ to, via }) => `route add ${to} via ${via}`),
  ];
  return { cables: cable(machine.name, underlay), inside: [{ namespace: machine.name, lines }], settings: [] };
}

function podRoutes(node: NodeMachine, nodes: readonly NodeMachine[]): readonly Route[] {
  return nodes
    .filter(other => other.name !== node.name)
    .flatMap(other =>
      other.podBridge.flatMap(bridgeAddress => {
        const via = other.addresses.find(address => isIpv6(address) === isIpv6(bridgeAddress));
        return via ? [{ to: networkOf(bridgeAddress), via: withoutLength(via) }] : [];
      }),
    );
}

function podBridgeCommands(node: NodeMachine): NetworkCommands {
  const setting = (path: string) => ({ namespace: node.name, path: `/proc/sys/net/${path}`, value: '1\n' });
  return {
    cables: [],
    inside: [{ namespace: node.name, lines: bridgeLines(podBridge, node.podBridge) }],
    settings: [
      'ipv4/ip_forward',
      'ipv6/conf/all/forwarding',
      // Without these, the answer of a backend to a pod on its own node takes the way over the bridge, past the connection's translation.
      'bridge/bridge-nf-call-iptables',
      'bridge/bridge-nf-call-ip6tables',
    ].map(setting),
  };
}

function podCommands(pod: Pod, node: NodeMachine): NetworkCommands {
  const families = new Set(pod.addresses.map(isIpv6));
  const gateways = node.podBridge.filter(address => families.has(isIpv6(address))).map(withoutLength);
  return {
    cables: cable(pod.name, node.name),
    inside: [
      {
        namespace: node.name,
        lines: [
          `link set dev ${pod.name} master ${podBridge} up`,
          // A bridge does not send a frame back where it came from, which a backend that calls itself through a VIP needs.
          `link set dev ${pod.name} type bridge_slave hairpin on`,
        ],
      },
      {
        namespace: pod.name,
        lines: [
          'link set dev lo up',
          ...deviceLines('eth0', pod.addresses),
          ...gateways.map(gateway => `route add default via ${gateway}`),
        ],
      },
    ],
    settings: [],
  };
}

/** A new namespace whose eth0 ends in another one, under the new one's name. */
function cable(name: string, otherEnd: string): readonly string[] {
  return [`netns add ${name}`, `link add eth0 netns ${name} type veth peer name ${name} netns ${otherEnd}`];
}

function bridgeLines(name: string, addresses: readonly string[]): readonly string[] {
  return [
    // A fixed hardware address: the bridge's own changes when ports come, and everybody's neighbour tables with it.
    `link add ${name} address 0a:58:00:00:00:01 type bridge forward_delay 0 mcast_snooping 0`,
    ...deviceLines(name, addresses),
  ];
}

/**
 * A device that is up, with addresses that work at once: with duplicate address detection (without `nodad`) an IPv6 address may not be used for its
 * first second or two. A router also needs a link-local one, or it cannot ask for its neighbours, so that comes from here and not from the kernel. Up
 * goes before the addresses, for the route that the questions of neighbours arrive by comes with them, and only then.
 */
function deviceLines(device: string, addresses: readonly string[]): readonly string[] {
  const linkLocal = addresses.filter(isIpv6).slice(0, 1).map(linkLocalOf);
  return [
    `link set dev ${device} addrgenmode none up`,
    ...[...addresses, ...linkLocal].map(
      address => `addr add ${address} dev ${device}${isIpv6(address) ? ' nodad' : ''}`,
    ),
  ];
}

/** The link-local address with the same interface part. */
function linkLocalOf(address: string): string {
  const groups = new Address6(address).parsedAddress.slice(4);
  return `fe80:0:0:0:${groups.join(':')}/64`;
}

function networkOf(address: string): string {
  const parsed = isIpv6(address) ? new Address6(address) : new Address4(address);
  return `${parsed.startAddress().correctForm()}/${parsed.subnetMask}`;
}

function withoutLength(address: string): string {
  return address.split('/')[0] ?? address;
}

function join(parts: readonly NetworkCommands[]): NetworkCommands {
  const namespaces = [...new Set(parts.flatMap(part => part.inside.map(({ namespace }) => namespace)))];
  const linesOf = (wanted: string) =>
    parts.flatMap(part => part.inside.filter(({ namespace }) => namespace === wanted).flatMap(({ lines }) => lines));
  return {
    cables: parts.flatMap(part => part.cables),
    inside: namespaces.map(namespace => ({ namespace, lines: linesOf(namespace) })),
    settings: parts.flatMap(part => part.settings),
  };
}
