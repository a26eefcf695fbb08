import type { Outcome, Outcomes, PlaceName, Row } from './row.js';

/** Returns the outcomes if all clients but the other node's Pod get the same, except those that are named. */
const all = (outcome: Outcome, others: Outcomes = {}): Outcomes => ({
  pod: outcome,
  backend: outcome,
  node: outcome,
  neighbour: outcome,
  outside: outcome,
  ...others,
});

const bothKept = 'local saw the client, remote saw the client';
const bothMasqueraded = 'local saw the node, remote saw the node';
const eachMasqueraded = all(bothMasqueraded);
const refused = all('refused');

/** Pods are routable in the whole Pod network and keep their address, except a backend that calls itself. */
const podsKept: Outcomes = { pod: bothKept, backend: 'local saw the node, remote saw the client' };
const clusterIp = all(bothMasqueraded, podsKept);
const onlyRemoteKept: Outcomes = { pod: 'remote saw the client', backend: 'remote saw the client' };
const clusterIpOfRemote = all('remote saw the node', onlyRemoteKept);
const clusterIpOfLocal = all('local saw the node', { pod: 'local saw the client' });

/** With the policy Local, the node's own backend answers and sees the client's address. */
const localNodePort = all('local saw the client', { backend: 'local saw the node', node: 'local saw the node' });
/**
 * The documentation says that clients in the cluster reach all backends at these addresses, as if the policy were
 * Cluster. In ipvs mode the policy is Local for all clients. A node that connects to one of its own addresses uses that
 * address as its source, and nothing masquerades it.
 */
const localVip: Outcomes = { ...localNodePort, node: 'local saw the VIP' };

/**
 * The documentation says that this node then drops the packet. ipvs mode sends it to the backend on another node, with
 * the client's address. Pods and the node get an answer. Machines get an answer from the backend's own address, which
 * they ignore, so that for them the documentation is right.
 */
const localElsewhere: Outcomes = {
  ...onlyRemoteKept,
  node: 'remote saw the VIP',
  neighbour: 'timeout',
  outside: 'timeout',
};

const row = (service: string, at: PlaceName, outcomes: Outcomes, more: Partial<Row> = {}): Row => ({
  service,
  at,
  outcomes,
  ...more,
});

const { backend: _, ...stickyClusterIp } = all('one saw the node', { pod: 'one saw the client' });
const health = { protocols: ['tcp'] } as const;
const sticky = { sticky: true } as const;

const clusterIpRows: readonly Row[] = [
  row('cluster-ip', 'cluster IP', clusterIp),
  row('cluster-ip', 'another port of the cluster IP', refused),
  row('cluster-ip', 'the node’s own port at the cluster IP', refused, { protocols: ['tcp'] }),
  row('no-endpoints', 'cluster IP', refused),
];

const nodePortRows: readonly Row[] = [
  row('node-port', 'cluster IP', clusterIp),
  row('node-port', 'node port', eachMasqueraded),
  // The machine outside has no route to that address.
  row('node-port', 'node port at the bridge', {
    pod: bothMasqueraded,
    backend: bothMasqueraded,
    node: bothMasqueraded,
    neighbour: bothMasqueraded,
  }),
  // Other modes of kube-proxy can serve it there.
  row('node-port', 'node port at the loopback', { node: 'refused' }, { sctp: { node: 'refused' } }),
  row('node-port', 'node port at the cluster IP', refused),
  row('no-endpoints', 'node port', refused),
];

const loadBalancerRows: readonly Row[] = [
  row('load-balancer', 'cluster IP', clusterIp),
  row('load-balancer', 'node port', eachMasqueraded),
  row('load-balancer', 'load balancer', eachMasqueraded),
  row('load-balancer', 'another port of the load balancer', refused),
  row('no-endpoints', 'load balancer', refused),
  // Not a proxy's task: the node's own rule for web requests takes it, and the node itself has no route to it.
  row('proxy-balancer', 'load balancer', all('node saw the client', { node: 'unreachable' }), { protocols: ['tcp'] }),
  row('proxy-balancer', 'node port', eachMasqueraded),
];

/** Source ranges are for the load balancer's address only. */
const sourceRangeRows: readonly Row[] = [
  row('open-to-outside', 'load balancer', all('timeout', { outside: bothMasqueraded })),
  row('open-to-outside', 'cluster IP', clusterIp),
  row('open-to-outside', 'node port', eachMasqueraded),
  row('open-to-machines', 'load balancer', all(bothMasqueraded, { pod: 'timeout', backend: 'timeout' })),
  row('open-to-everybody', 'load balancer', eachMasqueraded),
  // No range has an IPv6 address, so that nothing is closed for IPv6.
  row('open-over-ipv6', 'load balancer', all('timeout', { outside: bothMasqueraded }), { families: ['IPv4'] }),
  row('open-over-ipv6', 'load balancer', eachMasqueraded, { families: ['IPv6'] }),
];

const externalIpRows: readonly Row[] = [
  row('external-ip', 'cluster IP', clusterIp),
  row('external-ip', 'external IP', eachMasqueraded),
  row('external-ip', 'another port of the external IP', refused),
  row('no-endpoints', 'external IP', refused),
];

const externallyLocalRows: readonly Row[] = [
  row('local-node-port', 'cluster IP', clusterIp),
  row('local-node-port', 'node port', localNodePort),
  row('local-balancer', 'cluster IP', clusterIp),
  row('local-balancer', 'load balancer', localVip),
  row('local-balancer', 'node port', localNodePort),
  row('local-balancer', 'health check port', all('node saw the client', { node: 'node saw the node' }), health),
  row(
    'local-balancer',
    'health check port at the load balancer',
    all('node saw the client', { node: 'node saw the VIP' }),
    health,
  ),
  row('local-external-ip', 'cluster IP', clusterIp),
  row('local-external-ip', 'external IP', localVip),
  row('local-elsewhere', 'cluster IP', clusterIpOfRemote),
  row('local-elsewhere', 'load balancer', localElsewhere),
  row('local-elsewhere', 'external IP', localElsewhere),
  row('local-elsewhere', 'node port', { ...localElsewhere, node: 'remote saw the node' }),
];

/** A terminating backend goes on serving if a policy allows no other. */
const shuttingDownRows: readonly Row[] = [
  row('local-shutting-down', 'cluster IP', clusterIpOfRemote),
  row('local-shutting-down', 'load balancer', localVip),
  row('local-shutting-down', 'node port', localNodePort),
  row('some-shutting-down', 'node port', all('remote saw the node')),
  row('all-shutting-down', 'node port', all('remote saw the node')),
];

const internallyLocalRows: readonly Row[] = [
  // The other node's Pod is in the cluster's network too.
  row('internally-local', 'cluster IP', { ...clusterIpOfLocal, 'other pod': 'local saw the client' }),
  // The documentation says that it is dropped. A rejection tells the client sooner.
  row('internally-elsewhere', 'cluster IP', refused),
  // The documentation says the same. In ipvs mode, a node port makes the cluster IP use all backends too.
  row('internally-elsewhere-with-port', 'cluster IP', clusterIpOfRemote),
  row('internally-elsewhere-with-port', 'node port', all('remote saw the node')),
];

const otherRows: readonly Row[] = [
  row('zone-hints', 'cluster IP', clusterIpOfLocal),
  row('zone-hints', 'node port', all('local saw the node')),
  // Packets of a backend are masqueraded or not, depending on the backend that session affinity selects.
  row('sticky', 'cluster IP', stickyClusterIp, sticky),
  row('sticky', 'load balancer', all('one saw the node'), sticky),
  row('sticky', 'node port', all('one saw the node'), sticky),
];

/**
 * Every kind of Service as Kubernetes documents it. If ipvs mode differs, the table has its behavior, and a comment the
 * documented one.
 */
export const table: readonly Row[] = [
  ...clusterIpRows,
  ...nodePortRows,
  ...loadBalancerRows,
  ...sourceRangeRows,
  ...externalIpRows,
  ...externallyLocalRows,
  ...shuttingDownRows,
  ...internallyLocalRows,
  ...otherRows,
];

const servicePlaces: readonly PlaceName[] = [
  'cluster IP',
  'node port',
  'node port at the bridge',
  'external IP',
  'load balancer',
];

/**
 * The same if the node's firewall accepts no new connections: Service packets pass INPUT like all others. Health checks
 * are accepted, ports of a VIP that belong to no Service are rejected earlier, and the node's own requests do not pass
 * INPUT.
 */
export const tableWithClosedInput: readonly Row[] = table.map(one => {
  if (!servicePlaces.includes(one.at)) return one;
  const closed = ([client, outcome]: [string, Outcome]) => [client, client === 'node' ? outcome : 'timeout'] as const;
  return { ...one, outcomes: Object.fromEntries(Object.entries(one.outcomes).map(closed)) };
});

const noServer: Outcomes = { pod: 'refused', backend: 'refused', node: 'refused', neighbour: 'refused' };

/**
 * What differs if everything to a cluster IP is masqueraded, and node ports are served on the machines' network only.
 */
export const tableWithOtherOptions: readonly Row[] = [
  row('cluster-ip', 'cluster IP', eachMasqueraded),
  row('local-balancer', 'cluster IP', eachMasqueraded),
  row('local-balancer', 'load balancer', localVip),
  row('internally-local', 'cluster IP', all('local saw the node')),
  row('node-port', 'node port', eachMasqueraded),
  // No server listens on that port there.
  row('node-port', 'node port at the bridge', noServer, { sctp: noServer }),
];

/**
 * What differs if only the Pods of this node count as local: by its bridge, by its devices, or by their networks. The
 * Pods of other nodes are treated as machines, and are answered through this node.
 */
export const tableWithOwnPods: readonly Row[] = [
  row('cluster-ip', 'cluster IP', { ...clusterIp, 'other pod': bothMasqueraded }),
  row('internally-local', 'cluster IP', { ...clusterIpOfLocal, 'other pod': 'local saw the node' }),
  row('node-port', 'cluster IP', { ...clusterIp, 'other pod': bothMasqueraded }),
  row('node-port', 'node port', { ...eachMasqueraded, 'other pod': bothMasqueraded }),
  row('local-balancer', 'load balancer', { ...localVip, 'other pod': 'local saw the client' }),
  row('no-endpoints', 'cluster IP', { ...refused, 'other pod': 'refused' }),
];
