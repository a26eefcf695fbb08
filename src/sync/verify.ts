import { type InParts, withBreaths } from '../breath.js';
import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import { type Change, subjectOf } from '../node/change.js';
import type { Element } from '../node/element.js';
import { type Finding, inTurn } from '../node/finding.js';
import { type NodePart, partOf } from '../node/part.js';
import { readParts } from '../node/read.js';
import { readSetHeaders } from '../node/read-sets.js';
import { type ElementLookup, visitInParts } from '../node/state.js';
import type { SetHeader } from '../node/tools/ipset-list.js';
import { firstChangeLines } from '../plan/change-line.js';
import { diffInParts } from '../plan/diff.js';
import type { IsOwn } from '../plan/ownership.js';
import { DeltaTracker, type SharedElements } from './delta-tracker.js';
import type { Reconciliation } from './reconcile.js';

export interface VerifyInput {
  readonly plan: readonly Change[];
  readonly state: ElementLookup;
  /** The number of entries of each set, by its kernel name. */
  readonly setSizes: ReadonlyMap<string, number>;
  /** What was kproxy's before the changes: without sets and VIPs, nothing shows any more whose a virtual server is. */
  readonly isOwn: IsOwn;
  readonly shared?: SharedElements;
}

/**
 * Reads the parts of a node that a plan changed, and returns the changes that are still missing. All elements of these
 * parts are compared except entries: a set counts as right if it has as many entries as desired, because `ipset
 * restore` fails at the first line that the kernel refuses. Reading all entries would take four fifths of the time.
 * They are read and compared only if a number differs.
 * @param node with the iptables backend that the plan was applied to
 * @throws KproxyError (`not-read-back`) if the node cannot be read
 */
export async function verify(
  node: NodeAccess,
  input: VerifyInput,
  command: 'sync' | 'cleanup',
): Promise<readonly Change[]> {
  const parts = partsOf(input.plan);
  try {
    const headers = parts.has('sets') ? await readSetHeaders(node) : [];
    const areSizesRight = headers.every(({ set, entries }) => entries === (input.setSizes.get(set.name) ?? 0));
    return areSizesRight
      ? await missingBySizes(node, input, parts, headers)
      : await withBreaths(missing(await readParts(node, parts), input, elementsIn(input.state, parts)));
  } catch (error) {
    throw notReadBack(error, command);
  }
}

function partsOf(plan: readonly Change[]): ReadonlySet<NodePart> {
  const parts = new Set(plan.map(change => partOf(subjectOf(change))));
  return new Set([...parts].filter(part => part !== undefined));
}

async function missingBySizes(
  node: NodeAccess,
  input: VerifyInput,
  parts: ReadonlySet<NodePart>,
  headers: readonly SetHeader[],
): Promise<readonly Change[]> {
  const others = [...parts].filter(part => part !== 'sets');
  const sets = headers.map(({ set }) => set);
  const desired = elementsIn(input.state, parts, isNoEntry);
  return withBreaths(missing(inTurn(sets, await readParts(node, others)), input, desired));
}

function* missing(
  findings: Iterable<Finding>,
  { isOwn, shared }: VerifyInput,
  desired: ElementLookup,
): InParts<readonly Change[]> {
  const tracker = new DeltaTracker(shared);
  yield* tracker.replaceActualInParts(findings);
  return yield* diffInParts(tracker.whole(), desired, { isOwn });
}

const isNoEntry = (element: Element): boolean => element.kind !== 'entry';

/** Returns a view of the elements in these parts that the predicate accepts. */
function elementsIn(
  state: ElementLookup,
  parts: ReadonlySet<NodePart>,
  accepts: (element: Element) => boolean = () => true,
): ElementLookup {
  const isIn = (element: Element): boolean => {
    const part = partOf(element);
    return part !== undefined && parts.has(part) && accepts(element);
  };
  const get = (key: string): Element | undefined => {
    const element = state.get(key);
    return element !== undefined && isIn(element) ? element : undefined;
  };
  return {
    get,
    has: key => get(key) !== undefined,
    forEach: visit =>
      state.forEach((element, key) => {
        if (isIn(element)) visit(element, key);
      }),
    visitInParts: visit =>
      visitInParts(state, (element, key) => {
        if (isIn(element)) visit(element, key);
      }),
  };
}

/** The error for a node that cannot be read after it was changed: everything was done, and the result is unknown. */
const notReadBack = (error: unknown, command: 'sync' | 'cleanup'): unknown =>
  error instanceof KproxyError
    ? new KproxyError({
        code: 'not-read-back',
        message: 'all commands succeeded, but the node cannot be read back',
        evidence: [error.message, error.evidence ?? ''].join('\n').trim(),
        advice: `What was done stays. Run kproxy ${command} again: it reads the node and goes on from there.`,
        cause: error,
      })
    : error;

/**
 * Verifies that a node has what was reconciled and applied.
 * @param shared the elements that the node will probably have
 * @throws KproxyError (`changes-missing`) if changes are missing although every command succeeded, or `not-read-back`
 */
export async function requireApplied(
  node: NodeAccess,
  reconciliation: Reconciliation,
  shared: SharedElements,
): Promise<void> {
  const input = { ...verifiable(reconciliation), shared };
  requireNone(await verify(node, input, 'sync'), input.plan);
}

/** Returns what a reconciled node is verified against. */
export const verifiable = ({ desired, plan, isOwn }: Reconciliation): VerifyInput => ({
  plan,
  state: desired.state,
  setSizes: desired.setSizes,
  isOwn,
});

/**
 * Throws if changes are missing on the node although every command succeeded.
 * @throws KproxyError (`changes-missing`)
 */
export function requireNone(left: readonly Change[], plan: readonly Change[]): void {
  if (left.length === 0) return;
  throw new KproxyError({
    code: 'changes-missing',
    message: `${left.length} of ${plan.length} changes are not on the node although all commands succeeded`,
    evidence: firstChangeLines(left),
    advice:
      'Run kproxy sync again. If the same remains, another program changes the node at the same time, or the ' +
      'kernel lacks a module.',
  });
}
