import { KproxyError } from '../errors.js';
import type { NodeFacts } from '../node/facts.js';
import type { Ledger } from './ledger.js';

/** Returns a line for each family that Services have and that this node cannot serve. */
export function leftOutLines(ledger: Ledger, { unserved }: NodeFacts): readonly string[] {
  const families = ledger.leftOut();
  return unserved
    .filter(({ family }) => families.has(family))
    .map(({ family, reason }) => `${family} is left out of all Services, because this node cannot serve it: ${reason}`);
}

/**
 * Refuses to program a node that cannot serve any Service of the cluster.
 * @throws KproxyError (`family-unserved`)
 */
export function refuseUnserved(ledger: Ledger, facts: NodeFacts): void {
  const families = [...ledger.leftOut()];
  if (families.length === 0 || ledger.hasClaims()) return;
  throw new KproxyError({
    code: 'family-unserved',
    message: `this node cannot serve ${families.join(' or ')}, and the cluster has no Service of another family`,
    evidence: facts.unserved.map(({ family, reason }) => `${family}: ${reason}`).join('\n'),
    advice: 'Nothing was changed. Give the node what it lacks, and run kproxy again.',
  });
}
