import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import type { Fill } from '../node/filled-state.js';
import { keyOf } from '../node/kinds/index.js';
import { type ActualNode, readNodeWith, readSavedSets, readSetHeaders } from '../node/read.js';
import type { SetHeader } from '../node/tools/ipset-list.js';
import { changeLine } from '../plan/change-line.js';
import type { Plan } from '../plan/plan.js';
import type { Desired } from '../proxy/desired.js';

/**
 * Reads a node that has just been programmed. `ipset restore` ends with an error at the first line that the kernel does not take, so that for a set
 * with as many entries as it should have nothing more has to be asked: reading the entries would take four fifths of the time that is left.
 */
export const readBack = (node: NodeAccess, desired: Desired): Promise<ActualNode> =>
  readNodeWith(
    node,
    () => desired.parts,
    () => setsAsCounted(node, desired),
  ).then(
    ({ actual }) => actual,
    error => {
      throw notReadBack(error, 'sync');
    },
  );

/** The error for a node that cannot be read after it has been changed: everything was done, and nobody knows how that went. */
export const notReadBack = (error: unknown, command: 'sync' | 'cleanup'): unknown =>
  error instanceof KproxyError
    ? new KproxyError({
        message: 'all commands succeeded, but the node cannot be read back',
        evidence: [error.message, error.evidence ?? ''].join('\n').trim(),
        advice: `What was done stays. Run kproxy ${command} again: it reads the node and goes on from there.`,
        code: 'not-read-back',
        cause: error,
      })
    : error;

async function setsAsCounted(node: NodeAccess, desired: Desired): Promise<Fill> {
  const headers = await readSetHeaders(node);
  if (!hasAllEntries(headers, desired)) return readSavedSets(node);
  return ({ add, put, take }) => {
    for (const { set } of headers) add(set);
    desired.state.forEach((element, key) => {
      if (element.kind === 'entry' && !take(key)) put(key, element);
    });
  };
}

const hasAllEntries = (headers: readonly SetHeader[], { state, setSizes }: Desired): boolean =>
  headers.every(({ set, entries }) => state.has(keyOf(set)) && entries === (setSizes.get(set.name) ?? 0));

/** The error for changes that a second look at the node does not find, although every command succeeded. */
export const notOnTheNode = (left: Plan, plan: Plan): KproxyError =>
  new KproxyError({
    message: `${left.length} of ${plan.length} changes are not on the node although all commands succeeded`,
    evidence: left.slice(0, 20).map(changeLine).join('\n'),
    advice:
      'Run kproxy sync again. If the same remains, another program changes the node at the same time, or the kernel lacks a module.',
    code: 'changes-missing',
  });
