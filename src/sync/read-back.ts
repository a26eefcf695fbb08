import { ExitCode, KproxyError } from '../errors.js';
import { changeLine } from '../output/sync-summary.js';
import type { Plan } from '../plan/plan.js';

/** The error for changes that a second look at the node does not find, although every command succeeded. */
export const notOnTheNode = (left: Plan, plan: Plan): KproxyError =>
  new KproxyError({
    message: `${left.length} of ${plan.length} changes are not on the node although all commands succeeded`,
    detail: left.slice(0, 20).map(changeLine).join('\n'),
    next: 'Run kproxy sync again. If the same remains, another program changes the node at the same time, or the kernel lacks a module.',
    exitCode: ExitCode.applyFailed,
  });
