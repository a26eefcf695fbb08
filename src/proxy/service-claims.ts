import type { Cluster } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import type { Service } from '../cluster/schema/service.js';
import type { Family } from '../net/address.js';
import type { NodeFacts } from '../node/facts.js';
import { askFor, type Claim, type NodeContext } from './claim.js';
import { endpointsFrom, type FindSources } from './endpoint.js';
import { selectEndpoints } from './endpoint-selection.js';
import { contributions } from './features/index.js';
import { nodeAddresses, nodePortAddresses } from './node-addresses.js';
import type { ProxyOptions } from './options.js';
import type { ClosedToNode } from './rules/rule-context.js';
import { schedulerOf } from './scheduler.js';
import { type ServicePort, servicePorts } from './service-port.js';
import { isNodeLetIn } from './source-ranges.js';
import { topologyOf } from './topology.js';

/** A load balancer VIP with the family whose rules close it to the node itself. */
export interface ClosedVip extends ClosedToNode {
  readonly family: Family;
}

/** All that one Service asks of the node. */
export interface ServiceClaims {
  /** `namespace/name`. */
  readonly service: string;
  /** Sorts Services as the API server created them, so that a newcomer never takes a virtual server away. */
  readonly order: string;
  readonly claims: readonly Claim[];
  /** Wishes that cannot be honoured, in lines for the user. */
  readonly problems: readonly string[];
  readonly closedToNode: readonly ClosedVip[];
}

const creationOrder = ({ metadata }: Service, name: string): string => `${metadata.creationTimestamp ?? ''} ${name}`;

/** Computes what a Service asks for, from what else is known. */
export type ClaimService = (service: Service) => ServiceClaims;

/** Prepares all that is the same for every Service of a cluster and a node. */
export function claimService(
  cluster: Pick<Cluster, 'nodes'>,
  sourcesOf: FindSources,
  options: ProxyOptions,
  facts: NodeFacts,
): ClaimService {
  const topology = topologyOf(cluster, options.nodeName);
  const nodes = {
    IPv4: nodeContext(cluster, options, facts, 'IPv4'),
    IPv6: nodeContext(cluster, options, facts, 'IPv6'),
  };
  return service => {
    const name = namespacedName(service.metadata);
    const order = creationOrder(service, name);
    const find = endpointsFrom(sourcesOf(name), options.nodeName);
    const claims: Claim[] = [];
    const ports = servicePorts(service);
    ports.forEach(port => {
      const endpoints = selectEndpoints(port, find(port), topology);
      const ask = askFor(port, name, order, claims);
      contributions[options.profile].forEach(contribute => {
        contribute(port, endpoints, nodes[port.family], ask);
      });
    });
    return {
      service: name,
      order,
      claims,
      problems: problemsOf(ports, options),
      closedToNode: closedVips(ports, nodes),
    };
  };
}

function nodeContext(
  cluster: Pick<Cluster, 'nodes'>,
  options: ProxyOptions,
  facts: NodeFacts,
  family: Family,
): NodeContext {
  const known = nodeAddresses(cluster, facts, options.nodeName, family);
  return {
    options,
    localAddresses: new Set(facts.localAddresses.map(({ address }) => address)),
    nodeAddresses: known,
    nodePortAddresses: nodePortAddresses(options, facts, family, known),
  };
}

/** Most Services have none of something, and can share it. */
const none: readonly never[] = [];

function problemsOf(ports: readonly ServicePort[], options: ProxyOptions): readonly string[] {
  const refused = ports.filter(port => schedulerOf(port, options).problem !== undefined);
  if (refused.length === 0) return none;
  const lines = refused.map(port => `${port.namespace}/${port.service}: ${schedulerOf(port, options).problem}`);
  return [...new Set(lines)];
}

type NodeContexts = Readonly<Record<Family, NodeContext>>;

function closedVips(ports: readonly ServicePort[], nodes: NodeContexts): readonly ClosedVip[] {
  const closed = ports.filter(port => port.sourceRanges.length > 0 && !isNodeLetIn(port, nodes[port.family]));
  return closed.length === 0 ? none : closed.flatMap(vipsOf);
}

const vipsOf = (port: ServicePort): readonly ClosedVip[] =>
  port.loadBalancerIps.map(address => ({
    family: port.family,
    address,
    protocol: port.protocol,
    port: port.port,
    servicePort: port.id,
  }));
