import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import type { Change } from '../node/change.js';
import type { Element } from '../node/element.js';
import { readSetHeaders, startReading } from '../node/read.js';
import type { ElementLookup } from '../node/state.js';
import { changeLine } from '../plan/change-line.js';
import { diff } from '../plan/diff.js';
import type { IsOwn } from '../plan/ownership.js';
import { DeltaTracker, type SharedElements } from './delta-tracker.js';

export interface VerifyInput {
  readonly state: ElementLookup;
  /** The number of entries of each set, by its kernel name. */
  readonly setSizes: ReadonlyMap<string, number>;
  /** What was kproxy's before the changes: without sets and VIPs, nothing shows any more whose a virtual server is. */
  readonly isOwn: IsOwn;
  readonly shared?: SharedElements;
}

/**
 * Reads a node that has just been programmed, and returns the changes that are still missing. All elements are compared
 * except entries: a set counts as right if it has as many entries as desired, because `ipset restore` fails at the
 * first line that the kernel refuses. Reading all entries would take four fifths of the time. They are read and
 * compared only if a number differs.
 * @throws KproxyError (`not-read-back`) if the node cannot be read
 */
export async function verify(
  node: NodeAccess,
  input: VerifyInput,
  command: 'sync' | 'cleanup',
): Promise<readonly Change[]> {
  try {
    return (await missingByHeaders(node, input)) ?? (await missing(node, input, input.state));
  } catch (error) {
    throw notReadBack(error, command);
  }
}

/** Returns undefined if the number of entries of a set is not as desired. */
async function missingByHeaders(node: NodeAccess, input: VerifyInput): Promise<readonly Change[] | undefined> {
  const headers = await readSetHeaders(node);
  if (headers.some(({ set, entries }) => entries !== (input.setSizes.get(set.name) ?? 0))) return undefined;
  return missing(node, input, withoutEntries(input.state), async () => headers.map(({ set }) => set));
}

async function missing(
  node: NodeAccess,
  { isOwn, shared }: VerifyInput,
  desired: ElementLookup,
  readSets?: Parameters<typeof startReading>[1],
): Promise<readonly Change[]> {
  const { findings } = await startReading(node, readSets).whole;
  const tracker = new DeltaTracker(shared);
  tracker.replaceActual(findings);
  return diff(tracker.whole(), desired, isOwn);
}

const isEntry = (element: Element): boolean => element.kind === 'entry';

const withoutEntries = (state: ElementLookup): ElementLookup => ({
  get: key => {
    const element = state.get(key);
    return element === undefined || isEntry(element) ? undefined : element;
  },
  has: key => {
    const element = state.get(key);
    return element !== undefined && !isEntry(element);
  },
  forEach: visit =>
    state.forEach((element, key) => {
      if (!isEntry(element)) visit(element, key);
    }),
});

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

const longest = 20;

/**
 * Throws if changes are missing on the node although every command succeeded.
 * @throws KproxyError (`changes-missing`)
 */
export function requireNone(left: readonly Change[], plan: readonly Change[]): void {
  if (left.length === 0) return;
  throw new KproxyError({
    code: 'changes-missing',
    message: `${left.length} of ${plan.length} changes are not on the node although all commands succeeded`,
    evidence: left.slice(0, longest).map(changeLine).join('\n'),
    advice:
      'Run kproxy sync again. If the same remains, another program changes the node at the same time, or the ' +
      'kernel lacks a module.',
  });
}
