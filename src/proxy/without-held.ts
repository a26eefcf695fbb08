import type { NodeFacts } from '../node/facts.js';
import { virtualServerText } from '../node/tools/text.js';
import type { Claim, Claimant } from './claim.js';
import type { FindHolder } from './cluster-ip-holders.js';
import { whyOutranked } from './precedence.js';
import type { ServicePort } from './service-port.js';

/** The claims of a Service without the cluster IPs of others, and a line for the user about each of the rest. */
export interface WithoutHeld {
  readonly claims: readonly Claim[];
  readonly lines: readonly string[];
}

const noLines: readonly string[] = [];

/**
 * Returns a function that leaves out external IPs and load balancer addresses that are the cluster IP of another
 * Service, on all ports. Precedence among claims is not enough: the holder may claim nothing there, because it is
 * invalid, too large, served by another proxy or not read, and its address must not change hands for that.
 */
export function leaveHeld(
  holders: FindHolder,
  { unreadClusterIps }: NodeFacts,
): (service: string, ports: readonly ServicePort[], claims: readonly Claim[]) => WithoutHeld {
  const unread = new Set(unreadClusterIps);
  const holderOf = (address: string, service: string): string | undefined =>
    holders.otherHolderOf(address, service) ?? (unread.has(address) ? 'a Service that was not read' : undefined);
  return (service, ports, claims) => {
    const held = heldAmong(ports, address => holderOf(address, service));
    if (held.size === 0) return { claims, lines: noLines };
    const lost = new Set<Claimant>();
    const lines = claims.flatMap(({ element, claimant }) => {
      const { title, servicePort } = claimant;
      if (element.kind !== 'virtual-server' || (title !== 'external IP' && title !== 'load balancer address'))
        return [];
      const holder = held.get(element.address);
      if (holder === undefined) return [];
      lost.add(claimant);
      const why = whyOutranked('cluster IP', title);
      return [`${servicePort}: ${virtualServerText(element)} belongs to ${holder}, ${why}, and stays with it`];
    });
    return { claims: claims.filter(({ claimant }) => !lost.has(claimant)), lines };
  };
}

/** Returns the holders of the addresses that a Service's ports ask for. The ports of a family ask for the same ones. */
function heldAmong(
  ports: readonly ServicePort[],
  holderOf: (address: string) => string | undefined,
): ReadonlyMap<string, string> {
  const held = new Map<string, string>();
  for (const { externalIps, loadBalancerIps } of ports) {
    if (externalIps.length + loadBalancerIps.length === 0) continue;
    for (const address of [...externalIps, ...loadBalancerIps]) {
      const holder = holderOf(address);
      if (holder !== undefined) held.set(address, holder);
    }
  }
  return held;
}
