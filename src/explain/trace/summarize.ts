import type { BackendChoice, BackendPlace, End, Fork, Trace, Verdict } from './trace.js';

/** What becomes of the packets that a backend gets. */
export interface BackendResult {
  readonly address: string;
  readonly port: number;
  readonly place: BackendPlace | 'this node';
  /** The source that the backend sees. Undefined if the packet does not reach it. */
  readonly source: string | undefined;
  readonly verdict: Verdict;
  readonly clientSees: string;
  /** From 0 to 1. Undefined if it is not known. */
  readonly share: number | undefined;
}

/** What becomes of a client's packets, over all the ways that they can take. */
export interface Summary {
  readonly verdict: Verdict;
  readonly clientSees: string;
  readonly backends: readonly BackendResult[];
}

/** From best to worst. A definite failure is worse than one that kproxy cannot see. */
const order: readonly Verdict[] = ['answered', 'unknown', 'unanswered', 'dropped', 'refused'];
const worstOf = (verdicts: readonly Verdict[]): Verdict =>
  order.findLast(verdict => verdicts.includes(verdict)) ?? 'unknown';

function verdictOf({ end }: Trace): Verdict {
  if (end.kind === 'end') return end.verdict;
  const verdicts = end.branches.map(({ trace }) => verdictOf(trace));
  return isGuess(end) ? 'unknown' : worstOf(verdicts);
}

/** At a rule that kproxy does not understand, only a verdict that both ways have is certain. */
const isGuess = ({ by, branches }: Fork): boolean =>
  by === 'unknown' && new Set(branches.map(({ trace }) => verdictOf(trace))).size > 1;

/** An end of a trace, with the share of packets that get there, and the backend that IPVS selected on the way. */
interface Leaf {
  readonly end: End;
  readonly share: number | undefined;
  readonly backend: BackendChoice | undefined;
}

/** Returns the verdict of a flow and what becomes of it at each backend. */
export function summarize(trace: Trace): Summary {
  const leaves = leavesOf(trace, 1, undefined);
  const seen = [...new Set(leaves.map(({ end }) => withoutAddress(end.clientSees)))];
  return { verdict: verdictOf(trace), clientSees: seen.join(', or '), backends: backendsOf(leaves) };
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
  return isGuess(end) ? leaves.map(uncertain) : leaves;
}

const outcomeOf = (leaves: readonly Leaf[]): string =>
  JSON.stringify([...new Set(leaves.map(leaf => backendKey(leaf)))].sort());

const uncertain = (leaf: Leaf): Leaf => ({ ...leaf, end: { ...leaf.end, verdict: 'unknown' } });

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
  return withoutUnseen([...results.values()]);
}

/** Of a backend that the packet may or may not reach, only the way there says which source it would see. */
const withoutUnseen = (results: readonly BackendResult[]): readonly BackendResult[] => {
  const reached = new Set(results.filter(isReachedPerhaps).map(placeKey));
  return results.filter(
    result => result.verdict !== 'unknown' || result.source !== undefined || !reached.has(placeKey(result)),
  );
};

const isReachedPerhaps = ({ verdict, source }: BackendResult): boolean => verdict === 'unknown' && source !== undefined;
const placeKey = ({ address, port }: BackendResult): string => `${address} ${port}`;

const addShares = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one + other;
