import type { VirtualServerAddress } from '../node/element.js';
import type { NodeFacts } from '../node/facts.js';
import { virtualServerText } from '../node/tools/text.js';
import type { Claim, Claimant } from './claim.js';
import type { FindHolder } from './cluster-ip-holders.js';
import { isAsked, type Title, whyOutranked } from './precedence.js';
import type { ServicePort } from './service-port.js';

/** The claims of a Service without the cluster IPs of others, and a line for the user about each of the rest. */
export interface WithoutHeld {
  readonly claims: readonly Claim[];
  readonly lines: readonly string[];
}

const noLines: readonly string[] = [];

/** The Service that keeps an address and port, in words, and how it comes to them. */
interface Keeper {
  readonly name: string;
  readonly title: Title;
}

/**
 * Returns a function that leaves out external IPs and load balancer addresses that are the cluster IP of another
 * Service, on all ports, and external IPs that are the load balancer of an invalid one. Precedence among claims is not
 * enough: that Service may claim nothing there, because it is invalid, too large, served by another proxy or not read,
 * and its address must not change hands for that.
 */
export function leaveHeld(
  holders: FindHolder,
  { unreadClusterIps }: NodeFacts,
): (service: string, ports: readonly ServicePort[], claims: readonly Claim[]) => WithoutHeld {
  const unread = new Set(unreadClusterIps);
  const keeperOf = (server: VirtualServerAddress, title: Title, service: string): Keeper | undefined => {
    const holder = holders.otherHolderOf(server.address, service);
    const named = holder ?? (unread.has(server.address) ? 'a Service that was not read' : undefined);
    if (named !== undefined) return { name: named, title: 'cluster IP' };
    const balancer = title === 'external IP' ? holders.otherBalancerOf(server, service) : undefined;
    return balancer === undefined ? undefined : { name: balancer, title: 'load balancer address' };
  };
  return (service, ports, claims) => {
    const mayBeHeld = (address: string): boolean => unread.has(address) || holders.mayBeHeld(address, service);
    if (!ports.some(port => asksFor(port, mayBeHeld))) return { claims, lines: noLines };
    const lost = new Set<Claimant>();
    const lines = claims.flatMap(({ element, claimant }) => {
      const { title, servicePort } = claimant;
      if (element.kind !== 'virtual-server' || !isAsked(title)) return [];
      const keeper = keeperOf(element, title, service);
      if (keeper === undefined) return [];
      lost.add(claimant);
      const why = whyOutranked(keeper.title, title);
      return [`${servicePort}: ${virtualServerText(element)} belongs to ${keeper.name}, ${why}, and stays with it`];
    });
    return { claims: lost.size === 0 ? claims : claims.filter(({ claimant }) => !lost.has(claimant)), lines };
  };
}

const asksFor = ({ externalIps, loadBalancerIps }: ServicePort, accepts: (address: string) => boolean): boolean =>
  externalIps.some(accepts) || loadBalancerIps.some(accepts);
