import type { Cluster } from '../cluster/cluster.js';
import type { Family } from '../cluster/network-schema.js';
import type { Service } from '../cluster/service-schema.js';
import type { Element, Reason } from '../node/element.js';
import { keyOf } from '../node/kinds/index.js';
import type { Claim, ContributionContext } from './claim.js';
import { contributions } from './contributions/index.js';
import { endpointIndex } from './endpoint.js';
import { selectEndpoints } from './endpoint-selection.js';
import { nodeAddresses, nodePortAddresses } from './node-addresses.js';
import type { NodeFacts, ProxyOptions } from './options.js';
import type { ClosedToNode } from './rules/rule-context.js';
import { schedulerOf } from './scheduler.js';
import { type ServicePort, servicePorts } from './service-port.js';
import { isNodeLetIn } from './source-ranges.js';
import { topologyOf } from './topology.js';

/** A Service port that asked for a virtual server which an older Service holds. */
export interface Conflict {
  readonly servicePort: string;
  readonly holder: string;
  /** The virtual server's key. */
  readonly front: string;
}

/** An element with everyone who wants it. */
export interface Wanted {
  readonly element: Element;
  readonly reasons: readonly Reason[];
}

/** The sum of what all Services ask for. */
export interface Claims {
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly conflicts: readonly Conflict[];
  /** Wishes of Services that cannot be honoured, in lines for the user. */
  readonly problems: readonly string[];
  readonly closedToNode: ReadonlyMap<Family, readonly ClosedToNode[]>;
}

interface Gathering {
  readonly wanted: Map<string, { element: Element; reasons: Reason[] }>;
  /** Virtual server key → the Service port that holds it. */
  readonly holders: Map<string, string>;
  readonly conflicts: Map<string, Conflict>;
}

/** Oldest first, as the API server created them, so that a newcomer never takes a virtual server away. */
export const inCreationOrder = (services: readonly Service[]): readonly Service[] =>
  [...services].sort((one, other) => (creationKey(one) < creationKey(other) ? -1 : 1));

const creationKey = ({ metadata }: Service): string =>
  `${metadata.creationTimestamp ?? ''} ${metadata.namespace}/${metadata.name}`;

/** Adds up what every Service port asks of the node. */
export function claimsOf(cluster: Cluster, options: ProxyOptions, facts: NodeFacts): Claims {
  const contextOf = contextFinder(cluster, options, facts);
  const gathering: Gathering = { wanted: new Map(), holders: new Map(), conflicts: new Map() };
  const closedToNode = new Map<Family, ClosedToNode[]>();
  const problems = new Set<string>();
  for (const service of inCreationOrder(cluster.services))
    for (const port of servicePorts(service)) {
      const context = contextOf(port);
      const { problem } = schedulerOf(port, options);
      if (problem !== undefined) problems.add(`${port.namespace}/${port.service}: ${problem}`);
      for (const contribution of contributions[options.profile])
        for (const claim of contribution(port, context)) gather(gathering, port.id, claim);
      const closed = closedVips(port, context);
      if (closed.length > 0) closedToNode.set(port.family, [...(closedToNode.get(port.family) ?? []), ...closed]);
    }
  return {
    wanted: gathering.wanted,
    conflicts: [...gathering.conflicts.values()],
    problems: [...problems],
    closedToNode,
  };
}

function gather({ wanted, holders, conflicts }: Gathering, servicePort: string, claim: Claim): void {
  const { front } = claim;
  if (front !== undefined) {
    const holder = holders.get(front) ?? servicePort;
    holders.set(front, holder);
    if (holder !== servicePort) {
      conflicts.set(`${front} ${servicePort}`, { servicePort, holder, front });
      return;
    }
  }
  const key = keyOf(claim.element);
  const reason: Reason = { servicePort, why: claim.why };
  const known = wanted.get(key);
  if (known === undefined) wanted.set(key, { element: claim.element, reasons: [reason] });
  else known.reasons.push(reason);
}

/** What each contribution may look at, computed once a family. */
function contextFinder(cluster: Cluster, options: ProxyOptions, facts: NodeFacts) {
  const endpointsOf = endpointIndex(cluster, options.nodeName);
  const topology = topologyOf(cluster, options.nodeName);
  const addressesOf = (family: Family) => {
    const known = nodeAddresses(cluster, facts, options.nodeName, family);
    return { nodeAddresses: known, nodePortAddresses: nodePortAddresses(options, facts, family, known) };
  };
  const addresses = { IPv4: addressesOf('IPv4'), IPv6: addressesOf('IPv6') };
  return (port: ServicePort): ContributionContext => ({
    options,
    facts,
    endpoints: selectEndpoints(port, endpointsOf(port), topology),
    ...addresses[port.family],
  });
}

const closedVips = (port: ServicePort, context: ContributionContext): readonly ClosedToNode[] =>
  port.sourceRanges.length === 0 || isNodeLetIn(port, context)
    ? []
    : port.loadBalancerIps.map(address => ({
        address,
        protocol: port.protocol,
        port: port.port,
        servicePort: port.id,
      }));
