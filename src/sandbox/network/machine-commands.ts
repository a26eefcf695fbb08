import { canonicalNetwork } from '../../net/network.js';
import { bridgeLines, cableLines, deviceLines, isIpv6, withoutPrefixLength } from './devices.js';
import type { NetworkCommands } from './network-commands.js';
import type { Machine, NodeMachine, Route } from './topology.js';

/** The namespace, and the bridge in it, that joins the machines. */
const underlay = 'underlay';

/** Returns what creates the network between the machines. */
export function underlayCommands(machines: readonly Machine[]): NetworkCommands {
  const ports = machines.map(({ name }) => `link set dev ${name} master ${underlay} up`);
  return {
    cables: [`netns add ${underlay}`],
    inside: [{ namespace: underlay, lines: [...bridgeLines(underlay, []), ...ports] }],
    settings: [],
  };
}

/** Returns what creates a machine of the cluster, with routes to the Pods of the other nodes. */
export const nodeCommands = (node: NodeMachine, nodes: readonly NodeMachine[]): NetworkCommands =>
  machineCommands(node, podRoutes(node, nodes));

/** Returns what creates a machine. */
export function machineCommands(machine: Machine, extraRoutes: readonly Route[] = []): NetworkCommands {
  const lines = [
    'link set dev lo up',
    ...deviceLines('eth0', machine.addresses),
    ...[...extraRoutes, ...(machine.routes ?? [])].map(({ to, via }) => `route add ${to} via ${via}`),
  ];
  return { cables: cableLines(machine.name, underlay), inside: [{ namespace: machine.name, lines }], settings: [] };
}

function podRoutes(node: NodeMachine, nodes: readonly NodeMachine[]): readonly Route[] {
  return nodes
    .filter(other => other.name !== node.name)
    .flatMap(other =>
      other.podBridge.flatMap(bridgeAddress => {
        const to = canonicalNetwork(bridgeAddress);
        const via = other.addresses.find(address => isIpv6(address) === isIpv6(bridgeAddress));
        return to !== undefined && via !== undefined ? [{ to, via: withoutPrefixLength(via) }] : [];
      }),
    );
}
