import type { ActualState, Connections } from '../node/actual-state.js';
import { noConnections } from '../node/actual-state.js';
import type { Chain, Element, IpSet, Jumps, RealServer, Timeouts } from '../node/element.js';
import type { Finding } from '../node/finding.js';
import { keyOf } from '../node/kinds/index.js';
import { elementsOf } from '../node/state.js';

/** An element as a snapshot has it: with what only an actual node has beside it. */
export type SavedElement =
  | Exclude<Element, Chain | IpSet | Jumps | RealServer | { kind: 'flow' | 'ipvs-timeouts' }>
  | (IpSet & SavedUses)
  | (Omit<Chain, 'rules'> & SavedRules & SavedUses)
  | (Omit<Jumps, 'rules'> & SavedRules & { readonly behind: readonly string[] })
  | (RealServer & { readonly connections: Connections });

interface SavedRules {
  readonly rules: readonly { readonly argv: readonly string[] }[];
}

interface SavedUses {
  /** What of other software uses it. Left out if there is nothing. */
  readonly usedBy?: readonly string[] | undefined;
}

/** Returns a node's elements as a snapshot has them, without the timeouts of IPVS, which have a field of their own. */
export function savedElements({ state, connections, foreignRules, foreignUses }: ActualState): SavedElement[] {
  const usesOf = (key: string): SavedUses => {
    const usedBy = foreignUses.get(key);
    return usedBy === undefined ? {} : { usedBy };
  };
  return Array.from(state).flatMap(([key, element]): SavedElement | [] => {
    switch (element.kind) {
      case 'chain':
        return { ...element, rules: savedRules(element), ...usesOf(key) };
      case 'set':
        return { ...element, ...usesOf(key) };
      case 'jumps':
        return { ...element, rules: savedRules(element), behind: foreignRules.get(key) ?? [] };
      case 'real-server': {
        const { active, inactive } = connections.get(key) ?? noConnections;
        return { ...element, connections: { active, inactive } };
      }
      case 'flow':
        throw new TypeError('flows are never read');
      // An earlier kproxy does not know this kind, and reads the rest of the snapshot.
      case 'ipvs-timeouts':
        return [];
      default:
        return element;
    }
  });
}

const savedRules = ({ rules }: Chain | Jumps) => rules.map(argv => ({ argv }));

/** The timeouts of IPVS as a snapshot has them, in seconds. */
export type SavedTimeouts = Omit<Timeouts, 'kind'>;

/** Returns the timeouts of IPVS as a snapshot has them, or undefined for a kernel without ip_vs. */
export function savedTimeouts({ state }: ActualState): SavedTimeouts | undefined {
  const [timeouts] = elementsOf(state, 'ipvs-timeouts');
  return timeouts && { tcp: timeouts.tcp, tcpFin: timeouts.tcpFin, udp: timeouts.udp };
}

/** Yields what reading the node would have found. */
export function* findingsOf(elements: Iterable<SavedElement>): Generator<Finding> {
  for (const saved of elements) yield* findingsOfElement(saved);
}

function* findingsOfElement(saved: SavedElement): Generator<Finding> {
  if (saved.kind === 'chain' || saved.kind === 'set') {
    const { usedBy = [], ...rest } = saved;
    const element: Element = rest.kind === 'set' ? rest : { ...rest, rules: rest.rules.map(({ argv }) => argv) };
    yield element;
    for (const user of usedBy) yield { kind: 'foreign-use', of: keyOf(element), user };
  } else if (saved.kind === 'jumps') {
    const { behind, ...jumps } = saved;
    const element: Jumps = { ...jumps, rules: saved.rules.map(({ argv }) => argv) };
    yield element;
    if (behind.length > 0) yield { kind: 'foreign-rules', jumps: keyOf(element), rules: behind };
  } else if (saved.kind === 'real-server') {
    const { connections, ...server } = saved;
    yield server;
    if (connections.active + connections.inactive > 0)
      yield { kind: 'connections', realServer: keyOf(server), ...connections };
  } else yield saved;
}
