import type { Cluster } from '../cluster/cluster.js';
import type { Family } from '../net/address.js';
import type { Element, IpSet, Reason, Reasons } from '../node/element.js';
import type { NodeFacts } from '../node/facts.js';
import type { Known } from '../node/filled-state.js';
import { keyOf } from '../node/kinds/index.js';
import { maximumFor } from '../node/kinds/ipset.js';
import { kernelSetName, type SetName, setNames, setTypes } from '../node/names.js';
import { type ElementLookup, type NodeState, together } from '../node/state.js';
import type { Claims, Conflict } from './claims.js';
import { claimsOf } from './cluster-claims.js';
import { hostElements } from './host.js';
import type { ProxyOptions } from './options.js';
import { chainsAndJumps } from './rules/index.js';
import { setPurposes } from './sets.js';

/** What the node should be, with the reasons of each element. */
export interface Desired {
  readonly state: NodeState;
  readonly reasons: Reasons;
  readonly parts: DesiredParts;
  /** Kernel name of each set → how many entries the state has. */
  readonly setSizes: ReadonlyMap<string, number>;
  /** Service ports that lost a virtual server to an older Service. */
  readonly conflicts: readonly Conflict[];
  /** Wishes of Services that cannot be honoured, in lines for the user. */
  readonly problems: readonly string[];
}

/** What Services ask for, and what follows from it. */
export interface DesiredParts {
  readonly asked: Known;
  /** All that no Service asks for; undefined where something stays that a Service had asked for. */
  readonly rest: ElementLookup | undefined;
}

interface Explained {
  readonly element: Element;
  readonly why: string;
}

const families: readonly Family[] = ['IPv4', 'IPv6'];

/** What a cluster asks of a node of which nothing is kept. */
export const desiredOf = (cluster: Cluster, options: ProxyOptions, facts: NodeFacts): Desired =>
  completed(claimsOf(cluster, options, facts), options, facts);

/** Adds what follows from the claims: the sets that have entries, and the rules about those; and what every node needs. */
export function completed(claims: Claims, options: ProxyOptions, facts: NodeFacts): Desired {
  const common = new Map<string, Element>();
  const reasons = new Map<string, readonly Reason[]>();
  const put = ({ element, why }: Explained) => {
    const key = keyOf(element);
    common.set(key, element);
    reasons.set(key, [{ servicePort: undefined, why }]);
  };
  for (const explained of hostElements(options, facts)) put(explained);
  for (const explained of setElements(claims.setSizes, options)) put(explained);
  for (const family of families) for (const explained of rulesOf(family, claims, options)) put(explained);
  return {
    state: together(common, claims.elements),
    reasons: { get: key => reasons.get(key) ?? claims.reasons.get(key) },
    parts: { asked: claims.asked, rest: claims.elements === claims.asked ? common : undefined },
    setSizes: claims.setSizes,
    conflicts: claims.conflicts,
    problems: claims.problems,
  };
}

const setElements = (sizes: ReadonlyMap<string, number>, options: ProxyOptions): readonly Explained[] =>
  families.flatMap(family =>
    setNames
      .filter(name => sizes.has(kernelSetName(name, family)))
      .map(name => ({
        element: setElement(name, family, sizes.get(kernelSetName(name, family)) ?? 0),
        why: options.profile === 'tutorial' ? 'there would have to be a rule for every Service' : setPurposes[name].why,
      })),
  );

function setElement(name: SetName, family: Family, entries: number): IpSet {
  const type = setTypes[name];
  return {
    kind: 'set',
    name: kernelSetName(name, family),
    type,
    family: type === 'bitmap:port' ? undefined : family,
    maximum: type === 'bitmap:port' ? undefined : maximumFor(entries),
  };
}

function rulesOf(family: Family, claims: Claims, options: ProxyOptions): readonly Explained[] {
  const hasEntries = (set: SetName) => claims.setSizes.has(kernelSetName(set, family));
  if (!setNames.some(hasEntries)) return [];
  return chainsAndJumps({
    family,
    options,
    hasEntries,
    closedToNode: claims.closedToNode.filter(closed => closed.family === family),
  });
}
