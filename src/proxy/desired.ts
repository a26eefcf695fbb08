import { type Family, families } from '../net/address.js';
import type { Element, IpSet } from '../node/element.js';
import type { NodeFacts } from '../node/facts.js';
import { keyOf } from '../node/kinds/index.js';
import { maximumFor } from '../node/kinds/ipset.js';
import { kernelSetName, type SetName, setNames, setTypes } from '../node/names.js';
import type { Reason, Reasons, RuleReason } from '../node/reason.js';
import { noRefusals, type Refusals } from '../node/refusal.js';
import { type ElementLookup, elementsOf, type NodeState, together } from '../node/state.js';
import { hostElements } from './host.js';
import type { Conflict, Ledger } from './ledger.js';
import type { ProxyOptions } from './options.js';
import { chainsAndJumps } from './rules/index.js';
import { whySet } from './sets.js';
import { leftOutLines } from './unserved.js';

/** What a node should be, with the reasons of each element. */
export interface Desired {
  readonly state: NodeState;
  readonly reasons: Reasons;
  /** The number of entries of each set, by its kernel name. */
  readonly setSizes: ReadonlyMap<string, number>;
  /** Service ports whose virtual server another Service owns. */
  readonly conflicts: readonly Conflict[];
  /**
   * What is served although it may harm this node, and what stays with the Service that holds it as its cluster IP, in
   * lines for the user, by the Service's `namespace/name`.
   */
  readonly warnings: ReadonlyMap<string, readonly string[]>;
  /** What Services want and cannot have, in lines for the user. */
  readonly problems: readonly string[];
  /** Those of the problems that belong to a Service, by its `namespace/name`. */
  readonly serviceProblems: ReadonlyMap<string, readonly string[]>;
  /** Those of the problems that are refusals of this node. */
  readonly refused: readonly string[];
  /** What this node cannot have, in lines for the user: families of Services, and limits of the whole machine. */
  readonly leftOut: readonly string[];
}

/** The elements of a node that belong to single Services. */
export interface ServiceElements {
  readonly elements: ElementLookup;
  readonly reasonsOf: (key: string) => readonly Reason[];
  readonly setSizes: ReadonlyMap<string, number>;
}

interface FrameElement {
  readonly element: Element;
  readonly why: string;
  /** Only for chains and jumps. */
  readonly ruleReasons?: readonly RuleReason[];
}

/**
 * Adds what follows from all Services together: the sets that have entries, the rules about those, and what every node
 * needs, except what the node refuses.
 */
export function completed(
  services: ServiceElements,
  ledger: Ledger,
  options: ProxyOptions,
  facts: NodeFacts,
  refusals: Refusals = noRefusals,
): Desired {
  const frame = new Map<string, FrameElement>();
  for (const part of frameElements(services.setSizes, ledger, options, facts)) {
    const key = keyOf(part.element);
    if (!refusals.has(key)) frame.set(key, part);
  }
  const frameState = new Map(Array.from(frame, ([key, { element }]) => [key, element]));
  const problems = ledger.problems();
  return {
    state: together(frameState, services.elements),
    reasons: {
      of: key => {
        const part = frame.get(key);
        return part === undefined ? services.reasonsOf(key) : [{ servicePort: undefined, why: part.why }];
      },
      ofRules: key => frame.get(key)?.ruleReasons ?? [],
    },
    setSizes: services.setSizes,
    conflicts: ledger.conflicts(),
    warnings: ledger.warnings(),
    problems: [...new Set([...problems.values()].flat())],
    serviceProblems: problems,
    refused: ledger.refusedLines(),
    leftOut: leftOutLines(ledger, facts),
  };
}

const frameElements = (
  setSizes: ReadonlyMap<string, number>,
  ledger: Ledger,
  options: ProxyOptions,
  facts: NodeFacts,
): readonly FrameElement[] => [
  ...hostElements(options, facts),
  ...setElements(setSizes, options),
  ...families.flatMap(family => ruleElements(family, setSizes, ledger, options)),
];

const setElements = (sizes: ReadonlyMap<string, number>, { profile }: ProxyOptions): readonly FrameElement[] =>
  families.flatMap(family =>
    setNames.flatMap(name => {
      const size = sizes.get(kernelSetName(name, family));
      return size === undefined ? [] : [{ element: setElement(name, family, size), why: whySet(name, profile) }];
    }),
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

function ruleElements(
  family: Family,
  setSizes: ReadonlyMap<string, number>,
  ledger: Ledger,
  options: ProxyOptions,
): readonly FrameElement[] {
  const hasEntries = (set: SetName) => setSizes.has(kernelSetName(set, family));
  if (!setNames.some(hasEntries)) return [];
  const closedToNode = ledger.closedToNode().filter(closed => closed.family === family);
  return chainsAndJumps({ family, options, hasEntries, closedToNode });
}

/** Returns a function that finds the Service ports with entries in a set. */
export function setUsers({ state, reasons }: Desired): (set: string) => readonly string[] {
  const users = new Map<string, Set<string>>();
  for (const entry of elementsOf(state, 'entry')) {
    const known = users.get(entry.set) ?? new Set();
    users.set(entry.set, known);
    for (const { servicePort } of reasons.of(keyOf(entry))) if (servicePort !== undefined) known.add(servicePort);
  }
  return set => [...(users.get(set) ?? [])];
}
