import { startServers } from '../../../../src/sandbox/network/build-network.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';
import { reportEveryError } from '../support/table.js';
import { healthCheckNodePort } from './cluster.js';
import { nodesOwnPort } from './network.js';

/** The servers of the node itself, one of them where a health check would be answered. They are there first, so that no proxy takes that port. */
const servers = [
  { name: 'node', serves: [nodesOwnPort, healthCheckNodePort].map(port => ({ protocol: 'tcp', port }) as const) },
];

const tools = ['iptables', 'ip6tables'] as const;

/**
 * A host's own rules, as people have them: what belongs to a connection may come in, and what the machine says to itself; a web server on another port.
 * They stand first only until there is a proxy, which must not let them take Service packets.
 */
const hostRules: readonly string[] = [
  '-A INPUT -i lo -j ACCEPT',
  '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  // Without it, neighbours do not find each other over IPv6 where the policy is DROP.
  '-A INPUT -p ipv6-icmp -j ACCEPT',
  `-t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports ${nodesOwnPort}`,
  `-t nat -A OUTPUT -p tcp --dport 80 -j REDIRECT --to-ports ${nodesOwnPort}`,
];

const onNode = (sandbox: Sandbox, argv: readonly string[]) => output(sandbox, argv, { namespace: 'node' });

/** What the packet tests need besides the network. The node has a firewall before it has a proxy. */
export async function prepareMachines(sandbox: Sandbox): Promise<void> {
  await output(sandbox, ['modprobe', 'nf_conntrack']);
  // Connections are remembered for minutes after their end, and there are thousands.
  await sandbox.writeFile('/proc/sys/net/netfilter/nf_conntrack_max', '262144');
  await reportEveryError(sandbox, ['node', 'neighbour']);
  for (const tool of tools) {
    for (const rule of hostRules) await onNode(sandbox, [tool, '-w', ...rule.split(' ')]);
  }
  await startServers(sandbox, servers);
}

/** Sets what happens to packets that no rule of the chain decides about. */
export async function setPolicy(sandbox: Sandbox, chain: 'INPUT' | 'FORWARD', policy: 'ACCEPT' | 'DROP') {
  for (const tool of tools) await onNode(sandbox, [tool, '-w', '-P', chain, policy]);
}
