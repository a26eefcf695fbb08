import type { BackendResult } from './explanation.js';
import type { BackendChoice, End, Trace, Verdict } from './trace.js';

/** What becomes of a client's packets, over all the ways that they can take. */
export interface Summary {
  readonly verdict: Verdict;
  readonly clientSees: string;
  readonly backends: readonly BackendResult[];
  /** The end that decided the verdict. */
  readonly worst: End;
}

/** From best to worst. A definite failure is worse than one that kproxy cannot see. */
const order: readonly Verdict[] = ['answered', 'unknown', 'unanswered', 'dropped', 'refused'];
const badness = ({ verdict }: { readonly verdict: Verdict }): number => order.indexOf(verdict);

/** An end of a trace, with the share of packets that get there, and the backend that IPVS selected on the way. */
interface Leaf {
  readonly end: End;
  readonly share: number | undefined;
  readonly backend: BackendChoice | undefined;
}

/** Returns the verdict of a flow and what becomes of it at each backend. */
export function summarize(trace: Trace): Summary {
  const leaves = leavesOf(trace, 1, undefined);
  const [first] = leaves;
  if (first === undefined) throw new TypeError('a trace has no end');
  const worst = leaves.reduce((one, other) => (badness(other.end) > badness(one.end) ? other : one), first).end;
  const seen = [...new Set(leaves.map(({ end }) => withoutAddress(end.clientSees)))];
  return { verdict: worst.verdict, clientSees: seen.join(', or '), backends: backendsOf(leaves), worst };
}

const withoutAddress = (text: string): string => (text.startsWith('an answer') ? 'an answer' : text);

function leavesOf({ end }: Trace, share: number | undefined, backend: BackendChoice | undefined): readonly Leaf[] {
  if (end.kind === 'end') return [{ end, share, backend }];
  const { by, branches } = end;
  const ways = branches.map(branch => leavesOf(branch.trace, share, branch.backend ?? backend));
  // A rule that changes nothing in the end makes nothing uncertain.
  if (by !== 'backend' && new Set(ways.map(outcomeOf)).size === 1) return ways[0] ?? [];
  const leaves = ways.flatMap((way, index) =>
    way.map(leaf => ({ ...leaf, share: product(leaf.share, branches[index]?.share) })),
  );
  return by === 'unknown' ? leaves.map(undecided) : leaves;
}

const outcomeOf = (leaves: readonly Leaf[]): string =>
  JSON.stringify([...new Set(leaves.map(leaf => backendKey(leaf)))].sort());

/** Behind a rule that kproxy does not understand it is not known whether a packet takes this way. */
const undecided = (leaf: Leaf): Leaf =>
  leaf.end.verdict === 'answered' ? leaf : { ...leaf, end: { ...leaf.end, verdict: 'unknown' } };

const product = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one * other;

function backendKey({ end, backend }: Leaf): string {
  const { server = backend, seenSource, verdict, clientSees } = end;
  return [server?.address, server?.port, seenSource, verdict, clientSees].join(' ');
}

/** Adds up the ways that end alike at one backend. */
function backendsOf(leaves: readonly Leaf[]): readonly BackendResult[] {
  const results = new Map<string, BackendResult>();
  for (const leaf of leaves) {
    const { end, share, backend } = leaf;
    const { server = backend, seenSource, verdict, clientSees } = end;
    if (server === undefined) continue;
    const key = backendKey(leaf);
    const known = results.get(key);
    const total = known === undefined ? share : addShares(known.share, share);
    const { address, port, place } = server;
    results.set(key, { address, port, place, source: seenSource, verdict, clientSees, share: total });
  }
  return [...results.values()];
}

const addShares = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one + other;
