import { subjectOf } from '../node/change.js';
import { kindOf } from '../node/kinds/index.js';
import type { Refusal, Refusals } from '../node/refusal.js';
import type { Claim } from './claim.js';
import type { ClaimService, ServiceClaims } from './service-claims.js';

/** A claim that the node refuses. */
export interface RefusedClaim {
  readonly servicePort: string;
  readonly refusal: Refusal;
}

/**
 * Returns a function that claims only what the node accepts.
 *
 * An element that is changed in place keeps the form that the node has. Else, without its virtual server or one of its
 * entries, an address and port is not served at all: a VIP must never be bound with nothing behind it, nor be open
 * where an entry would close it. A refused address or real server is left out alone.
 * @param refusals as they are at the time of each call
 */
export const withoutRefused =
  (claim: ClaimService, refusals: () => Refusals): ClaimService =>
  service =>
    leaveOut(claim(service), refusals());

function leaveOut(claims: ServiceClaims, refusals: Refusals): ServiceClaims {
  if (refusals.size === 0) return claims;
  const refused = claims.claims.flatMap(found => {
    const refusal = refusals.get(found.key);
    return refusal !== undefined && isFor(refusal, found) ? [{ found, refusal }] : [];
  });
  if (refused.length === 0) return claims;
  const unserved = new Set(refused.filter(endsService).map(({ found }) => found.claimant.virtualServer));
  return {
    ...claims,
    claims: claims.claims
      .filter(({ claimant }) => claimant.virtualServer === undefined || !unserved.has(claimant.virtualServer))
      .flatMap(found => acceptedForm(found, refusals)),
    refused: refused.map(({ found, refusal }) => ({ servicePort: found.claimant.servicePort, refusal })),
  };
}

/** A refusal is about one form of an element: a Service that claims another form is tried again. */
const isFor = ({ change }: Refusal, { element }: Claim): boolean =>
  change.verb !== 'remove' && kindOf(element).same(change.after, element);

interface Refused {
  readonly found: Claim;
  readonly refusal: Refusal;
}

const endsService = ({ found, refusal }: Refused): boolean =>
  refusal.change.verb === 'add' && (found.element.kind === 'virtual-server' || found.element.kind === 'entry');

function acceptedForm(found: Claim, refusals: Refusals): readonly Claim[] {
  const refusal = refusals.get(found.key);
  if (refusal === undefined || !isFor(refusal, found)) return [found];
  return refusal.change.verb === 'change' ? [{ ...found, element: refusal.change.before }] : [];
}

/** Returns a line for the user that names the Service port, the element, and the tool's word for it. */
export function refusedLine({ servicePort, refusal: { change, word } }: RefusedClaim): string {
  const subject = subjectOf(change);
  const rest = change.verb === 'change' ? '; it stays as it was' : ' and left out';
  return `${servicePort}: ${kindOf(subject).describe(subject)} is refused by this node${rest} (${word})`;
}
