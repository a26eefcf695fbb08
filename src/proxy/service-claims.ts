import type { InParts } from '../breath.js';
import type { Cluster } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import { firstLines } from '../cluster/problems.js';
import type { Service } from '../cluster/schema/service.js';
import { type Family, families, familyOf } from '../net/address.js';
import { addressesOf, type NodeFacts, unservedFamilies } from '../node/facts.js';
import { noRefusals, type Refusals } from '../node/refusal.js';
import { shortened } from '../visible.js';
import { whyUnusableForEndpoint, whyUnusableOn } from './address-filter.js';
import { type Claim, Claimer, type NodeContext } from './claim.js';
import { type FindHolder, holdersIn } from './cluster-ip-holders.js';
import { type EndpointSources, endpointSources, endpointsFrom, type FindSources } from './endpoint.js';
import { type SelectedEndpoints, selectEndpoints } from './endpoint-selection.js';
import { features } from './features/index.js';
import { Ledger } from './ledger.js';
import { nodeAddresses, nodePortAddresses } from './node-addresses.js';
import type { ProxyOptions } from './options.js';
import { leaveRelied } from './relied-addresses.js';
import type { ClosedToNode } from './rules/rule-context.js';
import { schedulerOf } from './scheduler.js';
import { clusterIps, missingPart, type ServicePort, servicePorts } from './service-port.js';
import { type BoundedPorts, boundedPorts, mostElements, type PortNeeds, tooLargeLine } from './service-size.js';
import { isNodeInRanges } from './source-ranges.js';
import { topologyOf } from './topology.js';
import { leaveForeign } from './without-foreign.js';
import { leaveHeld } from './without-held.js';
import { type RefusedClaim, withoutRefused } from './without-refused.js';

/** A load balancer VIP, and the family whose rules close it to the node itself. */
export interface ClosedVip extends ClosedToNode {
  readonly family: Family;
}

/** Everything that one Service needs on the node. */
export interface ServiceClaims {
  /** `namespace/name`. */
  readonly service: string;
  /** Sorts Services by creation. */
  readonly order: string;
  readonly claims: readonly Claim[];
  /** What the Service wants and cannot have, in lines for the user. */
  readonly problems: readonly string[];
  /** What is served although it may harm this node, and what stays with another Service, in lines for the user. */
  readonly warnings: readonly string[];
  readonly closedToNode: readonly ClosedVip[];
  /** What the Service claims and the node refuses. */
  readonly refused: readonly RefusedClaim[];
  /** The Service lacks a part without which nothing of it can be served, so that its claims are not known. */
  readonly isIncomplete: boolean;
  /** The families of the Service that this node cannot serve. */
  readonly leftOut: readonly Family[];
}

const creationOrder = ({ metadata }: Service, name: string): string => `${metadata.creationTimestamp ?? ''} ${name}`;

/** Computes what a Service claims, from everything else that is known. */
export type ClaimService = (service: Service) => ServiceClaims;

/** Returns the ledger of all of a cluster's Services, without what the node refuses. */
export const ledgerOf = (
  cluster: Cluster,
  options: ProxyOptions,
  facts: NodeFacts,
  refusals: Refusals = noRefusals,
): Ledger => {
  const claim = createClaimService(cluster, endpointSources(cluster), options, facts, holdersIn(cluster));
  return ledgerOfServices(
    cluster.services,
    withoutRefused(claim, () => refusals),
  );
};

/** Returns the families in which Services have cluster IPs. */
export function familiesOf(services: Iterable<Service>): ReadonlySet<Family> {
  const found = new Set<Family>();
  for (const service of services) {
    for (const clusterIp of clusterIps(service)) found.add(familyOf(clusterIp));
    if (found.size === families.length) break;
  }
  return found;
}

const ledgerOfServices = (services: readonly Service[], claim: ClaimService): Ledger =>
  new Ledger(inOrder(services.map(claim)));

const inOrder = (claims: ServiceClaims[]): readonly ServiceClaims[] =>
  claims.sort((one, other) => (one.order < other.order ? -1 : 1));

/** Returns the ledger of these Services, and yields between two of them. */
export function* ledgerInParts(services: readonly Service[], claim: ClaimService): InParts<Ledger> {
  const claims: ServiceClaims[] = [];
  for (const service of services) {
    claims.push(claim(service));
    yield;
  }
  const ledger = new Ledger([]);
  for (const one of inOrder(claims)) {
    ledger.replace(one.service, one);
    yield;
  }
  return ledger;
}

/** Returns the function that computes a Service's claims. Prepares what is the same for every Service. */
export function createClaimService(
  cluster: Pick<Cluster, 'nodes' | 'nodeAddresses'>,
  sourcesOf: FindSources,
  options: ProxyOptions,
  facts: NodeFacts,
  holders: FindHolder,
): ClaimService {
  const topology = topologyOf(cluster, options.nodeName);
  const unserved = unservedFamilies(facts);
  const nodes = Object.fromEntries(
    families.map(family => [family, nodeContext(cluster, options, facts, family)]),
  ) as unknown as NodeContexts;
  const whyUnusable = whyUnusableOn(facts);
  const whyNoEndpoint = whyUnusableForEndpoint(facts);
  const addressesOfNodePorts = (family: Family): number => nodes[family].nodePortAddresses.length;
  const mostNodePortAddresses = Math.max(...families.map(addressesOfNodePorts));
  const withinBound = (
    ports: readonly ServicePort[],
    sources: EndpointSources,
    select: (port: ServicePort) => SelectedEndpoints,
  ): BoundedPorts =>
    mostElements(ports, sources, mostNodePortAddresses) <= options.maxServiceElements
      ? { ports, leftOut: 0 }
      : boundedPorts(
          ports,
          port => needsOf(select(port), addressesOfNodePorts(port.family)),
          options.maxServiceElements,
        );
  const withoutHeld = leaveHeld(holders, facts);
  const withoutForeign = leaveForeign(facts);
  const withoutRelied = leaveRelied(cluster, sourcesOf, options, facts);
  return service => {
    const name = namespacedName(service.metadata);
    const order = creationOrder(service, name);
    const missing = missingPart(service);
    const lines: string[] = [];
    const filter = { whyUnusable, report: (line: string) => void lines.push(line) };
    const sources = sourcesOf(name);
    const find = endpointsFrom(sources, options.nodeName, { ...filter, whyUnusable: whyNoEndpoint });
    const select = (port: ServicePort) => selectEndpoints(port, find(port), topology);
    const claims: Claim[] = [];
    const all = servicePorts(service, filter);
    const wanted = unserved.size === 0 ? all : all.filter(({ family }) => !unserved.has(family));
    const { ports, leftOut: tooMany } = withinBound(wanted, sources, select);
    ports.forEach(port => {
      const endpoints = select(port);
      const claimant = { service: name, servicePort: port.id, order, title: undefined, virtualServer: undefined };
      const claimer = new Claimer(port.family, options.profile, claimant, claims);
      features[options.profile].forEach(feature => {
        feature(port, endpoints, nodes[port.family], claimer);
      });
    });
    const free = withoutHeld(name, ports, claims);
    const own = withoutForeign(free.claims);
    const left = withoutRelied(own.claims);
    return {
      service: name,
      order,
      claims: left.claims,
      problems: problemsOf(name, [
        missing,
        tooMany === 0 ? undefined : tooLargeLine(name, tooMany, options.maxServiceElements),
        ...schedulerProblems(ports, options, facts),
        ...lines,
        ...own.lines,
        ...left.problems,
      ]),
      warnings: free.lines.length === 0 ? left.warnings : problemsOf(name, [...free.lines, ...left.warnings]),
      closedToNode: closedVips(ports, nodes),
      refused: none,
      isIncomplete: missing !== undefined,
      leftOut: wanted.length === all.length ? none : leftOutOf(all, unserved),
    };
  };
}

function needsOf({ internal, external, onThisNode }: SelectedEndpoints, nodePortAddresses: number): PortNeeds {
  const endpoints = Math.max(internal.length, external.length);
  return { endpoints, hairpins: onThisNode.length, nodePortAddresses };
}

type NodeContexts = Readonly<Record<Family, NodeContext>>;

function nodeContext(
  cluster: Pick<Cluster, 'nodes'>,
  options: ProxyOptions,
  facts: NodeFacts,
  family: Family,
): NodeContext {
  const known = nodeAddresses(cluster, facts, options, family);
  return {
    options,
    localAddresses: addressesOf(facts),
    nodeAddresses: known,
    missingSchedulers: facts.missingSchedulers ?? none,
    nodePortAddresses: nodePortAddresses(options, facts, family, known),
  };
}

/** Most Services have none of something, and share this one. */
const none: readonly never[] = [];

const leftOutOf = (ports: readonly ServicePort[], unserved: ReadonlySet<Family>): readonly Family[] => [
  ...new Set(ports.map(({ family }) => family).filter(family => unserved.has(family))),
];

/** In characters. A line may quote an annotation, which may have 256 kB. */
const longestProblem = 800;

function problemsOf(service: string, lines: readonly (string | undefined)[]): readonly string[] {
  const all = new Set(lines.flatMap(line => (line === undefined ? [] : [shortened(line, longestProblem)])));
  // A Service with a thousand such endpoints must not hide what is said of others.
  return all.size === 0 ? none : firstLines([...all], `such lines about Service ${service}`);
}

function schedulerProblems(
  ports: readonly ServicePort[],
  options: ProxyOptions,
  { missingSchedulers }: NodeFacts,
): readonly string[] {
  return ports.flatMap(port => {
    const { problem } = schedulerOf(port, options, missingSchedulers);
    const service = namespacedName({ namespace: port.namespace, name: port.service });
    return problem === undefined ? [] : [`${service}: ${problem}`];
  });
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
