import { KproxyError, messageOf } from '../errors.js';
import { countText } from '../text.js';
import type { NodeAccess } from './access.js';
import { type Batch, batches, isFailed } from './batches.js';
import type { Change } from './change.js';
import type { Command } from './command.js';
import { canBeSeparated, findRefused } from './find-refused.js';
import type { Refusal } from './refusal.js';
import { isSatisfied } from './run-step.js';

/** How an applied plan ended. */
export interface Applied {
  readonly changes: number;
  readonly processes: number;
  /**
   * What the node refuses. If the list is not empty, the plan ended with the batch that these changes are in, because
   * what follows may depend on them. All other changes of that batch are made.
   */
  readonly refused: readonly Refusal[];
}

/** The commands that change a node. The advice of an error names the one that continues. */
type ApplyingCommand = 'sync' | 'cleanup';

/**
 * Makes a plan's changes on the node, batch after batch.
 * @throws KproxyError (`apply-failed`) at the first batch that fails for another reason than single elements: the
 * changes before it stay and are right, and the next run of the command continues from there
 */
export async function applyPlan(
  node: NodeAccess,
  plan: readonly Change[],
  command: ApplyingCommand = 'sync',
): Promise<Applied> {
  const done: Batch[] = [];
  const left = [...batches(plan)];
  for (let batch = left[0]; batch !== undefined; batch = left[0]) {
    if (!(await isSatisfied(node, batch.step))) {
      const refused = await runBatch(node, { done, left, command }, batch);
      if (refused.length > 0) return { changes: plan.length, processes: done.length + left.length, refused };
      done.push(batch);
    }
    left.shift();
  }
  return { changes: plan.length, processes: done.length, refused: [] };
}

interface Progress {
  readonly done: readonly Batch[];
  readonly left: readonly Batch[];
  readonly command: ApplyingCommand;
}

async function runBatch(node: NodeAccess, progress: Progress, { step, changes }: Batch): Promise<readonly Refusal[]> {
  const result = await node.run(step.command).catch(error => {
    throw failure(step.command, progress, messageOf(error), error);
  });
  if (!isFailed(step, result)) return [];
  if (canBeSeparated(changes)) return findRefused(node, changes);
  throw failure(step.command, progress, `exit status ${result.exitCode}\n${result.stderr.trim()}`, undefined);
}

function failure({ argv }: Command, progress: Progress, evidence: string, cause: unknown): KproxyError {
  const { done, left, command } = progress;
  const all = done.length + left.length;
  const names = (some: readonly Batch[]) => some.map(batch => batch.step.command.argv[0]).join(', ') || 'nothing';
  return new KproxyError({
    code: 'apply-failed',
    message: `\`${argv.join(' ')}\` failed; ${countText(done.length, 'command')} of ${all} had been run`,
    evidence: [evidence, `done: ${names(done)}`, `not done: ${names(left)}`].join('\n'),
    advice: `What was done stays. Run kproxy ${command} again: it reads the node and goes on from there.`,
    cause,
  });
}
