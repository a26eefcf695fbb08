import { bridgeLines, cableLines, deviceLines, isIpv6, withoutPrefixLength } from './devices.js';
import { mergeCommands, type NetworkCommands } from './network-commands.js';
import type { NodeMachine, Pod } from './topology.js';

const podBridge = 'cni0';

/** Returns what creates a node's Pod bridge and makes the node a router. */
export function podBridgeCommands(node: NodeMachine): NetworkCommands {
  const setting = (path: string, value = '1') => ({
    namespace: node.name,
    path: `/proc/sys/net/${path}`,
    value: `${value}\n`,
  });
  return {
    cables: [],
    inside: [{ namespace: node.name, lines: bridgeLines(podBridge, node.podBridge) }],
    settings: [
      'ipv4/ip_forward',
      'ipv6/conf/all/forwarding',
      // Without these, an endpoint's answer to a Pod on its own node crosses the bridge without being translated back.
      'bridge/bridge-nf-call-iptables',
      'bridge/bridge-nf-call-ip6tables',
    ]
      .map(path => setting(path))
      // The kernel gives other programs, such as kube-proxy, no port that a request takes as its source.
      .concat(setting('ipv4/ip_local_port_range', '10000 29999')),
  };
}

/**
 * Returns what adds Pods to existing nodes.
 * @throws TypeError if the node of a Pod does not exist
 */
export function podsCommands(nodes: readonly NodeMachine[], pods: readonly Pod[]): NetworkCommands {
  return mergeCommands(
    pods.map(pod => {
      const node = nodes.find(({ name }) => name === pod.node);
      if (!node) throw new TypeError(`Pod ${pod.name} is on an unknown node ${pod.node}`);
      return podCommands(pod, node);
    }),
  );
}

function podCommands(pod: Pod, node: NodeMachine): NetworkCommands {
  const families = new Set(pod.addresses.map(isIpv6));
  const gateways = node.podBridge.filter(address => families.has(isIpv6(address))).map(withoutPrefixLength);
  const bridgePort = [
    `link set dev ${pod.name} master ${podBridge} up`,
    // An endpoint that connects to itself by VIP needs hairpin: a bridge else never returns a frame to its port.
    `link set dev ${pod.name} type bridge_slave hairpin on`,
  ];
  const ownDevices = [
    'link set dev lo up',
    ...deviceLines('eth0', pod.addresses),
    ...gateways.map(gateway => `route add default via ${gateway}`),
  ];
  return {
    cables: cableLines(pod.name, node.name),
    inside: [
      { namespace: node.name, lines: bridgePort },
      { namespace: pod.name, lines: ownDevices },
    ],
    settings: [],
  };
}
