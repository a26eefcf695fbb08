import { startServers } from '../../../../src/sandbox/network/build-network.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';
import { reportEveryError } from '../support/table.js';
import { healthCheckNodePort } from './cluster.js';
import { keepNeighbors } from './neighbors.js';
import { nodesOwnPort } from './network.js';

/**
 * The servers of the node itself. One has the port of a health check. They start first, so that no proxy gets that
 * port.
 */
const servers = [
  { name: 'node', serves: [nodesOwnPort, healthCheckNodePort].map(port => ({ protocol: 'tcp', port }) as const) },
];

const tools = ['iptables', 'ip6tables'] as const;

/**
 * Common rules of a host: they accept packets of open connections and of the machine itself, and redirect web requests
 * to another port. They come first until a proxy puts its own rules before them.
 */
const hostRules: readonly string[] = [
  '-A INPUT -i lo -j ACCEPT',
  '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  // Without it, neighbors do not find each other over IPv6 if the policy is DROP.
  '-A INPUT -p ipv6-icmp -j ACCEPT',
  `-t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports ${nodesOwnPort}`,
  `-t nat -A OUTPUT -p tcp --dport 80 -j REDIRECT --to-ports ${nodesOwnPort}`,
];

const onNode = (sandbox: Sandbox, argv: readonly string[]) => output(sandbox, argv, { namespace: 'node' });

/** Prepares what the packet tests need besides the network. The node gets its firewall before its proxy. */
export async function prepareMachines(sandbox: Sandbox): Promise<void> {
  await output(sandbox, ['modprobe', 'nf_conntrack']);
  // Thousands of connections are remembered for minutes after their end.
  await sandbox.writeFile('/proc/sys/net/netfilter/nf_conntrack_max', '262144');
  await reportEveryError(sandbox, ['node', 'neighbour']);
  await keepNeighbors(sandbox);
  for (const tool of tools) {
    for (const rule of hostRules) await onNode(sandbox, [tool, '-w', ...rule.split(' ')]);
  }
  await startServers(sandbox, servers);
}

/** Sets the policy of a built-in chain for both families. */
export async function setPolicy(sandbox: Sandbox, chain: 'INPUT' | 'FORWARD', policy: 'ACCEPT' | 'DROP') {
  for (const tool of tools) await onNode(sandbox, [tool, '-w', '-P', chain, policy]);
}
