import { type Change, subjectOf } from '../node/change.js';
import type { Element, Entry, VirtualServerAddress } from '../node/element.js';
import { type NodeFacts, unknownFacts } from '../node/facts.js';
import { keyOf, kindOf } from '../node/kinds/index.js';
import type { Refusal, Refusals } from '../node/refusal.js';
import { refusalError } from '../node/refusal-error.js';
import { virtualServerOfEntry, virtualServerText } from '../node/tools/text.js';
import type { Ownership } from '../plan/ownership.js';
import { isReadOnly } from '../proxy/conntrack-limits.js';

/**
 * Returns the refusals with further ones.
 * @throws KproxyError (`apply-failed`) if one of them is known: leaving the element out was no way around it, and
 * another attempt would end in the same way
 */
export function withRefused(refusals: Refusals, more: readonly Refusal[]): Refusals {
  const all = new Map(refusals);
  for (const refusal of more) {
    const known = all.get(refusal.key);
    if (known !== undefined && isAlike(known.change, refusal.change))
      throw refusalError(refusal, ', which other elements need');
    all.set(refusal.key, refusal);
  }
  return all;
}

const isAlike = (one: Change, other: Change): boolean =>
  one.verb === other.verb && kindOf(subjectOf(other)).same(subjectOf(one), subjectOf(other));

/**
 * Returns an ownership without the elements that the node refuses to remove: they stay. The entries that show whose
 * such a virtual server is stay too, so that the next run knows it.
 */
export function exceptIrremovable(owned: Ownership, refusals: Refusals): Ownership {
  const removals = [...refusals.values()].filter(({ change }) => change.verb === 'remove');
  if (removals.length === 0) return owned;
  const irremovable = new Set(removals.map(({ key }) => key));
  const servers = removals.flatMap(({ change }) => serverOf(subjectOf(change)));
  const isKept = (element: Element): boolean =>
    irremovable.has(keyOf(element)) || (element.kind === 'entry' && servers.some(server => shows(element, server)));
  return { ...owned, isOwn: element => owned.isOwn(element) && !isKept(element) };
}

function serverOf(element: Element): readonly VirtualServerAddress[] {
  if (element.kind === 'virtual-server') return [element];
  return element.kind === 'real-server' ? [element.server] : [];
}

/** Returns true for an entry with the address and port of a virtual server, or with the number of its node port. */
function shows({ value }: Entry, server: VirtualServerAddress): boolean {
  const listed = virtualServerOfEntry(value);
  return listed === undefined ? value === String(server.port) : virtualServerText(listed) === virtualServerText(server);
}

/**
 * Returns a line for the user for each refusal that no Service is behind: removals, and settings of the node. What
 * turned out to be read-only has a line of its own, which is no problem of the cluster.
 */
export const nodeRefusalLines = (refusals: Refusals, facts: NodeFacts = unknownFacts): readonly string[] =>
  [...refusals.values()]
    .filter(one => isOfNode(one) && !isReadOnly(subjectOf(one.change), facts))
    .map(({ change, word }) => {
      const subject = subjectOf(change);
      const verb = change.verb === 'remove' ? 'cannot be removed' : 'is refused';
      return `${kindOf(subject).describe(subject)} ${verb} by this node (${word})`;
    });

/** Returns true for a refusal that no Service's claim is behind. */
export const isOfNode = ({ change }: Refusal): boolean =>
  change.verb === 'remove' || change.after.kind === 'sysctl' || change.after.kind === 'ipvs-timeouts';
