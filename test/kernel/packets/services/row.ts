import type { Protocol } from '../../../../src/sandbox/network/topology.js';
import { type Family, frontendsOf, healthCheckNodePort } from './cluster.js';
import { addressesOf, nodesOwnPort } from './network.js';

/**
 * The clients: a Pod on the node, the node's backend itself, the node, another node, a Pod on that one, and a machine
 * outside the cluster.
 */
export const clients = ['pod', 'backend', 'node', 'neighbour', 'other pod', 'outside'] as const;
export type Client = (typeof clients)[number];

/** The network namespace of a client. */
export const namespaceOf = (client: Client): string => namespaces[client] ?? client;

const namespaces: Readonly<Partial<Record<Client, string>>> = { backend: 'local', 'other pod': 'elsewhere' };

/**
 * What two requests of a client get: `local saw the client, remote saw the node` if the backends answer in turn, or a
 * word for a failure. The source that a backend saw is the client's own address, one of the node's, or the address that
 * the client sent its request to (`the VIP`).
 */
export type Outcome = string;
export type Outcomes = Readonly<Partial<Record<Client, Outcome>>>;

const nodeAddress = (family: Family): string =>
  addressesOf('node').find(address => address.includes(':') === (family === 'IPv6')) ?? '';
const bridgeAddress = (family: Family): string =>
  addressesOf('node').findLast(address => address.includes(':') === (family === 'IPv6')) ?? '';

type Frontends = ReturnType<typeof frontendsOf>;
interface Place {
  readonly address: (frontends: Frontends, family: Family) => string;
  readonly port: (frontends: Frontends) => number;
}

const unusedPort = () => 81;
const ownPort = () => nodesOwnPort;
const healthPort = () => healthCheckNodePort;
const clusterIp = ({ clusterIp }: Frontends, family: Family) => clusterIp[family];
const externalIp = ({ externalIp }: Frontends, family: Family) => externalIp[family];
const loadBalancer = ({ loadBalancer }: Frontends, family: Family) => loadBalancer[family];
const port = ({ port }: Frontends) => port;
const nodePort = ({ nodePort }: Frontends) => nodePort;
const node = (_: Frontends, family: Family) => nodeAddress(family);
const bridge = (_: Frontends, family: Family) => bridgeAddress(family);
const loopback = (_: Frontends, family: Family) => (family === 'IPv4' ? '127.0.0.1' : '::1');

/** A place at which a Service is requested. */
const places = {
  'cluster IP': { address: clusterIp, port },
  'another port of the cluster IP': { address: clusterIp, port: unusedPort },
  'the node’s own port at the cluster IP': { address: clusterIp, port: ownPort },
  'node port': { address: node, port: nodePort },
  'node port at the bridge': { address: bridge, port: nodePort },
  'node port at the loopback': { address: loopback, port: nodePort },
  'node port at the cluster IP': { address: clusterIp, port: nodePort },
  'external IP': { address: externalIp, port },
  'another port of the external IP': { address: externalIp, port: unusedPort },
  'load balancer': { address: loadBalancer, port },
  'another port of the load balancer': { address: loadBalancer, port: unusedPort },
  'health check port': { address: node, port: healthPort },
  'health check port at the load balancer': { address: loadBalancer, port: healthPort },
} satisfies Readonly<Record<string, Place>>;
export type PlaceName = keyof typeof places;

/**
 * A place of a Service, and what each client gets there, for both families and every protocol unless they are named.
 */
export interface Row {
  readonly service: string;
  readonly at: PlaceName;
  readonly outcomes: Outcomes;
  readonly protocols?: readonly Protocol[];
  readonly families?: readonly Family[];
  /** The outcomes for SCTP, if they differ. */
  readonly sctp?: Outcomes;
  /** True if any backend may answer, but always the same one. */
  readonly sticky?: boolean;
}

export const placeOf = ({ service, at }: Row, family: Family): { readonly address: string; readonly port: number } => {
  const frontends = frontendsOf(service);
  return { address: places[at].address(frontends, family), port: places[at].port(frontends) };
};
