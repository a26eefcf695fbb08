import { familyOf } from '../net/address.js';
import type { VirtualServer, VirtualServerAddress } from '../node/element.js';
import type { ForeignServer, NodeFacts } from '../node/facts.js';
import { serviceArguments } from '../node/tools/ipvsadm.js';
import { virtualServerText } from '../node/tools/text.js';
import type { Claim } from './claim.js';

/** The claims of a Service that leave other software alone, and a line for the user about each of the rest. */
export interface WithoutForeign {
  readonly claims: readonly Claim[];
  readonly lines: readonly string[];
}

/** A claimed virtual server, and the one of other software that it would touch. */
interface Collision {
  readonly claim: Claim;
  readonly server: VirtualServer;
  readonly found: ForeignServer;
}

const noLines: readonly string[] = [];

/**
 * Returns a function that claims nothing of virtual servers that other software has made, whatever a Service asks for.
 *
 * An address that kproxy has not bound is left alone as a whole: once bound for another port, it would pass for
 * kproxy's. So is a node port if one of the node's addresses has it already: the entry in kproxy's set is about all.
 */
export function leaveForeign({ foreignServers = [] }: NodeFacts): (claims: readonly Claim[]) => WithoutForeign {
  if (foreignServers.length === 0) return claims => ({ claims, lines: noLines });
  const byServer = new Map(foreignServers.map(server => [virtualServerText(server), server]));
  const byAddress = new Map(foreignServers.flatMap(server => (server.hasAddress ? [[server.address, server]] : [])));
  return claims => {
    const direct = collisions(
      claims,
      server => byServer.get(virtualServerText(server)) ?? byAddress.get(server.address),
    );
    const ports = new Map(direct.filter(isNodePort).map(({ server, found }) => [portText(server), found]));
    const ofPorts = collisions(claims, server => ports.get(portText(server))).filter(isNodePort);
    const all = ports.size === 0 ? direct : [...new Map([...ofPorts, ...direct].map(one => [one.claim, one])).values()];
    const left = new Set(all.map(({ claim }) => claim.claimant.virtualServer));
    const isKept = ({ claimant }: Claim) => claimant.virtualServer === undefined || !left.has(claimant.virtualServer);
    return { claims: left.size === 0 ? claims : claims.filter(isKept), lines: all.map(lineOf) };
  };
}

const collisions = (
  claims: readonly Claim[],
  find: (server: VirtualServer) => ForeignServer | undefined,
): readonly Collision[] =>
  claims.flatMap(claim => {
    const found = claim.element.kind === 'virtual-server' ? find(claim.element) : undefined;
    return claim.element.kind !== 'virtual-server' || found === undefined
      ? []
      : [{ claim, server: claim.element, found }];
  });

const isNodePort = ({ claim }: Collision): boolean => claim.claimant.title === 'node port';

const portText = ({ protocol, address, port }: VirtualServerAddress): string =>
  `${familyOf(address)} ${protocol} ${port}`;

function lineOf({ claim, server, found }: Collision): string {
  const [wanted, present] = [virtualServerText(server), virtualServerText(found)];
  const what =
    wanted === present
      ? `${wanted} is a virtual server of other software`
      : `${wanted} cannot be served beside ${present}, a virtual server of other software`;
  const remove = ['ipvsadm', '-D', ...serviceArguments(found)].join(' ');
  return `${claim.claimant.servicePort}: ${what}, which stays as it is (if it is left over, remove it: ${remove})`;
}
