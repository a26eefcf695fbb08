import type { Cluster } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import { firstLines } from '../cluster/problems.js';
import type { Service } from '../cluster/schema/service.js';
import { type Family, families } from '../net/address.js';
import { addressesOf, type NodeFacts } from '../node/facts.js';
import { whyUnusableOn } from './address-filter.js';
import { type Claim, Claimer, type NodeContext } from './claim.js';
import { endpointSources, endpointsFrom, type FindSources } from './endpoint.js';
import { selectEndpoints } from './endpoint-selection.js';
import { features } from './features/index.js';
import { Ledger } from './ledger.js';
import { nodeAddresses, nodePortAddresses } from './node-addresses.js';
import type { ProxyOptions } from './options.js';
import type { ClosedToNode } from './rules/rule-context.js';
import { schedulerOf } from './scheduler.js';
import { missingPart, type ServicePort, servicePorts } from './service-port.js';
import { isNodeInRanges } from './source-ranges.js';
import { topologyOf } from './topology.js';

/** A load balancer VIP, and the family whose rules close it to the node itself. */
export interface ClosedVip extends ClosedToNode {
  readonly family: Family;
}

/** Everything that one Service needs on the node. */
export interface ServiceClaims {
  /** `namespace/name`. */
  readonly service: string;
  /** Sorts Services by creation, so that a newer one never takes over a virtual server. */
  readonly order: string;
  readonly claims: readonly Claim[];
  /** What the Service wants and cannot have, in lines for the user. */
  readonly problems: readonly string[];
  readonly closedToNode: readonly ClosedVip[];
}

const creationOrder = ({ metadata }: Service, name: string): string => `${metadata.creationTimestamp ?? ''} ${name}`;

/** Computes what a Service claims, from everything else that is known. */
export type ClaimService = (service: Service) => ServiceClaims;

/** Returns the ledger of all of a cluster's Services. */
export const ledgerOf = (cluster: Cluster, options: ProxyOptions, facts: NodeFacts): Ledger =>
  ledgerOfServices(cluster.services, createClaimService(cluster, endpointSources(cluster), options, facts));

export const ledgerOfServices = (services: readonly Service[], claim: ClaimService): Ledger =>
  new Ledger(services.map(claim).sort((one, other) => (one.order < other.order ? -1 : 1)));

/** Returns the function that computes a Service's claims. Prepares what is the same for every Service. */
export function createClaimService(
  cluster: Pick<Cluster, 'nodes'>,
  sourcesOf: FindSources,
  options: ProxyOptions,
  facts: NodeFacts,
): ClaimService {
  const topology = topologyOf(cluster, options.nodeName);
  const nodes = Object.fromEntries(
    families.map(family => [family, nodeContext(cluster, options, facts, family)]),
  ) as unknown as NodeContexts;
  const whyUnusable = whyUnusableOn(facts);
  return service => {
    const name = namespacedName(service.metadata);
    const order = creationOrder(service, name);
    const lines: string[] = [];
    const filter = { whyUnusable, report: (line: string) => void lines.push(line) };
    const find = endpointsFrom(sourcesOf(name), options.nodeName, filter);
    const claims: Claim[] = [];
    const ports = servicePorts(service, filter);
    ports.forEach(port => {
      const endpoints = selectEndpoints(port, find(port), topology);
      const claimant = { service: name, servicePort: port.id, order, virtualServer: undefined };
      const claimer = new Claimer(port.family, options.profile, claimant, claims);
      features[options.profile].forEach(feature => {
        feature(port, endpoints, nodes[port.family], claimer);
      });
    });
    return {
      service: name,
      order,
      claims,
      problems: problemsOf(service, ports, options, lines),
      closedToNode: closedVips(ports, nodes),
    };
  };
}

type NodeContexts = Readonly<Record<Family, NodeContext>>;

function nodeContext(
  cluster: Pick<Cluster, 'nodes'>,
  options: ProxyOptions,
  facts: NodeFacts,
  family: Family,
): NodeContext {
  const known = nodeAddresses(cluster, facts, options.nodeName, family);
  return {
    options,
    localAddresses: addressesOf(facts),
    nodeAddresses: known,
    nodePortAddresses: nodePortAddresses(options, facts, family, known),
  };
}

/** Most Services have none of something, and share this one. */
const none: readonly never[] = [];

/** @param leftOut lines about addresses, with repetitions */
function problemsOf(
  service: Service,
  ports: readonly ServicePort[],
  options: ProxyOptions,
  leftOut: readonly string[],
): readonly string[] {
  const missing = missingPart(service);
  const refused = ports.filter(port => schedulerOf(port, options).problem !== undefined);
  if (missing === undefined && refused.length === 0 && leftOut.length === 0) return none;
  const lines = refused.map(
    port =>
      `${namespacedName({ namespace: port.namespace, name: port.service })}: ${schedulerOf(port, options).problem}`,
  );
  const all = new Set([...(missing === undefined ? [] : [missing]), ...lines, ...leftOut]);
  // A Service with a thousand such endpoints must not hide what is said of others.
  return firstLines([...all], `such lines about Service ${namespacedName(service.metadata)}`);
}

function closedVips(ports: readonly ServicePort[], nodes: NodeContexts): readonly ClosedVip[] {
  const closed = ports.filter(port => port.sourceRanges.length > 0 && !isNodeInRanges(port, nodes[port.family]));
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
