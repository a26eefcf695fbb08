import { KproxyError, messageOf } from '../errors.js';
import { countText } from '../text.js';
import type { NodeAccess } from './access.js';
import { type Batch, batches } from './batches.js';
import type { Change } from './change.js';
import type { Command } from './command.js';

/** How many processes an applied plan took, and how many changes it made. */
export interface Applied {
  readonly changes: number;
  readonly processes: number;
}

/**
 * Makes a plan's changes on the node, batch after batch.
 * @throws KproxyError (`apply-failed`) at the first batch that fails: the changes before it stay and are right, and the
 * next sync continues from there
 */
export async function applyPlan(node: NodeAccess, plan: readonly Change[]): Promise<Applied> {
  const all = batches(plan);
  for (const [index, batch] of all.entries()) await runBatch(node, all, index, batch);
  return { changes: plan.length, processes: all.length };
}

async function runBatch(node: NodeAccess, all: readonly Batch[], index: number, { step }: Batch): Promise<void> {
  const { command } = step;
  const result = await node.run(command).catch(error => {
    throw failure(all, index, command, messageOf(error), error);
  });
  if (result.exitCode !== 0 || (step.isSilent && result.stderr.trim() !== ''))
    throw failure(all, index, command, `exit status ${result.exitCode}\n${result.stderr.trim()}`, undefined);
}

function failure(
  all: readonly Batch[],
  index: number,
  command: Command,
  evidence: string,
  cause: unknown,
): KproxyError {
  const names = (some: readonly Batch[]) => some.map(batch => batch.step.command.argv[0]).join(', ') || 'nothing';
  return new KproxyError({
    code: 'apply-failed',
    message: `\`${command.argv.join(' ')}\` failed; ${countText(index, 'command')} of ${all.length} had been run`,
    evidence: [evidence, `done: ${names(all.slice(0, index))}`, `not done: ${names(all.slice(index))}`].join('\n'),
    advice: 'What was done stays. Run kproxy sync again: it reads the node and goes on from there.',
    cause,
  });
}
