import type { Cluster } from '../cluster/cluster.js';
import type { Family } from '../cluster/network-schema.js';
import type { Service } from '../cluster/service-schema.js';
import { ask, type Claim, type ContributionContext } from './claim.js';
import { contributions } from './contributions/index.js';
import { endpointsFrom, type FindSources } from './endpoint.js';
import { selectEndpoints } from './endpoint-selection.js';
import { nodeAddresses, nodePortAddresses } from './node-addresses.js';
import type { NodeFacts, ProxyOptions } from './options.js';
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

export const serviceName = ({ metadata }: Pick<Service, 'metadata'>): string =>
  `${metadata.namespace}/${metadata.name}`;

const creationOrder = (service: Service): string =>
  `${service.metadata.creationTimestamp ?? ''} ${serviceName(service)}`;

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
  const addressesOf = (family: Family) => {
    const known = nodeAddresses(cluster, facts, options.nodeName, family);
    return { nodeAddresses: known, nodePortAddresses: nodePortAddresses(options, facts, family, known) };
  };
  const addresses = { IPv4: addressesOf('IPv4'), IPv6: addressesOf('IPv6') };
  return service => {
    const name = serviceName(service);
    const order = creationOrder(service);
    const find = endpointsFrom(sourcesOf(name), options.nodeName);
    const ports = servicePorts(service).map(port => ({
      port,
      context: {
        options,
        facts,
        endpoints: selectEndpoints(port, find(port), topology),
        ...addresses[port.family],
        ask: ask(port, name, order),
      },
    }));
    return {
      service: name,
      order,
      claims: ports.flatMap(({ port, context }) => portClaims(port, context)),
      problems: unlessEmpty([...new Set(ports.flatMap(({ port }) => problemsOf(port, options)))]),
      closedToNode: unlessEmpty(ports.flatMap(({ port, context }) => closedVips(port, context))),
    };
  };
}

const none: readonly never[] = [];
/** Most Services have none, and can share it. */
const unlessEmpty = <Value>(values: readonly Value[]): readonly Value[] => (values.length === 0 ? none : values);

const portClaims = (port: ServicePort, context: ContributionContext): readonly Claim[] =>
  contributions[context.options.profile].flatMap(contribution => contribution(port, context));

function problemsOf(port: ServicePort, options: ProxyOptions): readonly string[] {
  const { problem } = schedulerOf(port, options);
  return problem === undefined ? [] : [`${port.namespace}/${port.service}: ${problem}`];
}

const closedVips = (port: ServicePort, context: ContributionContext): readonly ClosedVip[] =>
  port.sourceRanges.length === 0 || isNodeLetIn(port, context)
    ? []
    : port.loadBalancerIps.map(address => ({
        family: port.family,
        address,
        protocol: port.protocol,
        port: port.port,
        servicePort: port.id,
      }));
