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

/** The commands that change a node. The advice of an error names the one that continues. */
type ApplyingCommand = 'sync' | 'cleanup';

/**
 * Makes a plan's changes on the node, batch after batch.
 * @throws KproxyError (`apply-failed`) at the first batch that fails: the changes before it stay and are right, and the
 * next run of the command continues from there
 */
export async function applyPlan(
  node: NodeAccess,
  plan: readonly Change[],
  command: ApplyingCommand = 'sync',
): Promise<Applied> {
  const all = batches(plan);
  for (const [index, batch] of all.entries()) await runBatch(node, { all, index, command }, batch);
  return { changes: plan.length, processes: all.length };
}

interface Progress {
  readonly all: readonly Batch[];
  /** How many batches have been run. */
  readonly index: number;
  readonly command: ApplyingCommand;
}

async function runBatch(node: NodeAccess, progress: Progress, { step }: Batch): Promise<void> {
  const result = await node.run(step.command).catch(error => {
    throw failure(step.command, progress, messageOf(error), error);
  });
  if (result.exitCode !== 0 || (step.isSilent && result.stderr.trim() !== ''))
    throw failure(step.command, progress, `exit status ${result.exitCode}\n${result.stderr.trim()}`, undefined);
}

function failure({ argv }: Command, progress: Progress, evidence: string, cause: unknown): KproxyError {
  const { all, index, command } = progress;
  const names = (some: readonly Batch[]) => some.map(batch => batch.step.command.argv[0]).join(', ') || 'nothing';
  return new KproxyError({
    code: 'apply-failed',
    message: `\`${argv.join(' ')}\` failed; ${countText(index, 'command')} of ${all.length} had been run`,
    evidence: [evidence, `done: ${names(all.slice(0, index))}`, `not done: ${names(all.slice(index))}`].join('\n'),
    advice: `What was done stays. Run kproxy ${command} again: it reads the node and goes on from there.`,
    cause,
  });
}
